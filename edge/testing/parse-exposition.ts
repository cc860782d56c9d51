// A strict reader of Prometheus' text format 0.0.4, for tests: it takes nothing that the format's
// description does not allow.

export interface ParsedSample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface ParsedFamily {
  readonly type: string;
  readonly help: string;
  readonly samples: readonly ParsedSample[];
}

const NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*/;
const LABEL = /^([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\\\|\\"|\\n)*)"(,|$)/;
const VALUE = /^(?:[+-]?Inf|NaN|-?\d+(?:\.\d+)?(?:e[+-]?\d+)?)$/;
const SUFFIXES: Readonly<Record<string, readonly string[]>> = {
  counter: [''],
  gauge: [''],
  histogram: ['_bucket', '_sum', '_count'],
};

function labelsOf(text: string): Record<string, string> {
  const labels: Record<string, string> = {};
  let rest = text;
  while (rest !== '') {
    const match = LABEL.exec(rest);
    if (match === null) throw new Error(`no label: ${rest}`);
    const [whole, name, value] = match;
    if (name in labels) throw new Error(`label ${name} twice`);
    labels[name] = value.replaceAll(/\\(.)/g, (_, c: string) => (c === 'n' ? '\n' : c));
    rest = rest.slice(whole.length);
  }
  return labels;
}

function sampleOf(line: string): ParsedSample {
  const [name] = NAME.exec(line) ?? [];
  if (name === undefined) throw new Error(`no name: ${line}`);
  const end = line.lastIndexOf('}');
  if (line[name.length] !== '{' || end < 0) throw new Error(`no labels: ${line}`);
  const text = line.slice(end + 2);
  if (line[end + 1] !== ' ' || !VALUE.test(text)) throw new Error(`no value: ${line}`);
  const value = text.endsWith('Inf') ? Number(text.replace('Inf', 'Infinity')) : Number(text);
  return { name, labels: labelsOf(line.slice(name.length + 1, end)), value };
}

/** Families by name. @throws {Error} for anything that the format does not allow, also a series twice. */
export function parseExposition(text: string): Map<string, ParsedFamily> {
  if (!text.endsWith('\n') && text !== '') throw new Error('the last line has no end');
  const families = new Map<string, { type: string; help: string; samples: ParsedSample[] }>();
  const seen = new Set<string>();
  let current: string | undefined;
  let help: readonly [string, string] | undefined;
  for (const line of text.split('\n').slice(0, -1)) {
    const [, kind, name, rest] = /^# (HELP|TYPE) (\S+) (.+)$/.exec(line) ?? [];
    if (kind === 'HELP') {
      help = [name, rest];
    } else if (kind === 'TYPE') {
      if (help?.[0] !== name || families.has(name)) throw new Error(`TYPE out of place: ${line}`);
      if (!(rest in SUFFIXES)) throw new Error(`unknown type: ${line}`);
      families.set(name, { type: rest, help: help[1], samples: [] });
      current = name;
    } else {
      const family = families.get(current ?? '');
      const sample = sampleOf(line);
      const suffixes = SUFFIXES[family?.type ?? ''] ?? [];
      if (!suffixes.some((suffix) => sample.name === `${current}${suffix}`)) {
        throw new Error(`a sample outside its family: ${line}`);
      }
      const place = line.slice(0, line.lastIndexOf('}'));
      if (seen.has(place)) throw new Error(`a series twice: ${line}`);
      seen.add(place);
      family?.samples.push(sample);
    }
  }
  return families;
}
