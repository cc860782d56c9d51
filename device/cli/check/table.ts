// Findings as a table that fits a terminal: state, name, detail, and what to do below it.
import { styleText } from 'node:util';

export interface CheckResult {
  readonly name: string;
  /** False: the gateway cannot run, or not well. */
  readonly ok: boolean;
  readonly state: 'ok' | 'warning' | 'failed';
  readonly detail: string;
  readonly fix?: string;
}

const STATE_WIDTH = 9;
const LEAST_TEXT_WIDTH = 30;

const COLOURS = { ok: 'green', warning: 'yellow', failed: 'red' } as const;

/** Lines of at most `width` characters, broken at blanks where there are any. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/)) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = '';
    }
    line = line === '' ? word : `${line} ${word}`;
    // A path or a URL may be longer than a line.
    while (line.length > width) {
      lines.push(line.slice(0, width));
      line = line.slice(width);
    }
  }
  if (line !== '' || lines.length === 0) lines.push(line);
  return lines;
}

export interface TableOptions {
  /** Columns of the terminal. */
  readonly width: number;
  readonly colour: boolean;
}

/** The table with a line that sums it up. */
export function renderChecks(results: readonly CheckResult[], options: TableOptions): string {
  const { width, colour } = options;
  const nameWidth = Math.max(...results.map(({ name }) => name.length)) + 2;
  const indent = ' '.repeat(STATE_WIDTH + nameWidth);
  const textWidth = Math.max(LEAST_TEXT_WIDTH, width - indent.length);
  const paint = (state: CheckResult['state'], text: string) =>
    colour ? styleText(COLOURS[state], text, { validateStream: false }) : text;
  const lines = results.flatMap(({ name, state, detail, fix }) => {
    const [first, ...others] = wrap(detail, textWidth);
    const head = `${paint(state, state.padEnd(STATE_WIDTH))}${name.padEnd(nameWidth)}${first}`;
    const fixes = fix === undefined ? [] : wrap(`fix: ${fix}`, textWidth);
    return [head, ...[...others, ...fixes].map((line) => `${indent}${line}`)];
  });
  const count = (wanted: CheckResult['state']) =>
    results.filter(({ state }) => state === wanted).length;
  const sums = (['ok', 'warning', 'failed'] as const)
    .filter((state) => state === 'ok' || count(state) > 0)
    .map((state) => paint(state, `${count(state)} ${state}`));
  return `${[...lines, '', sums.join(', ')].join('\n')}\n`;
}
