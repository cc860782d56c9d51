// Progress of a table on a terminal: a line per finished cell, and below it what runs now
// and how long the rest takes.
import pc from 'picocolors';
import type { Cell } from '../../reproduce/cell.ts';
import type { CellProgress } from '../../reproduce/run-cells.ts';
import { createTimeLeft } from '../../reproduce/time-left.ts';

/** Four redraws a second are enough for counters. */
const REDRAW_MS = 250;

/** E.g. `cora gcn tran seed 3`. */
function groupName({ set, options }: Cell): string {
  return `${set} ${options.teacher} ${options.setting} seed ${options.seed}`;
}

/** E.g. `2 h 05 min`, `3 min`, `40 s`. */
export function duration(seconds: number): string {
  if (seconds < 90) return `${Math.max(1, Math.round(seconds))} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 90) return `${minutes} min`;
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`;
}

export interface CellViewOptions {
  readonly workers: number;
  nodesOf(set: string): number;
  /** A terminal or a pipe. @default {process.stderr} */
  readonly stream?: NodeJS.WriteStream;
}

export function createCellView(options: CellViewOptions): CellProgress & Disposable {
  const { workers, nodesOf, stream = process.stderr } = options;
  const timeLeft = createTimeLeft(nodesOf);
  const running = new Map<string, string>();
  let total = 0;
  let open: readonly Cell[] = [];
  let drawnAt = 0;

  function statusText(): string {
    const seconds = timeLeft.estimate(open, workers);
    const rest = seconds === undefined ? '' : `, about ${duration(seconds)} left`;
    return `${total - open.length} of ${total} cells${rest}`;
  }

  function clear(): void {
    if (stream.isTTY) stream.write('\r\u001b[2K');
  }

  function draw(force: boolean): void {
    const now = performance.now();
    if (!stream.isTTY || (!force && now - drawnAt < REDRAW_MS)) return;
    drawnAt = now;
    const text = [statusText(), ...running.values()].join('  │  ');
    stream.write(`\r\u001b[2K${text.slice(0, (stream.columns ?? 120) - 1)}`);
  }

  function line(text: string): void {
    clear();
    stream.write(`${text}\n`);
  }

  return {
    planned({ cells, left, uncommitted }) {
      total = cells;
      open = left;
      const done = cells - left.length;
      const restored = done === 0 ? '' : `, ${done} of them are done already`;
      line(`${cells} cells${restored}`);
      if (uncommitted > 0) {
        line(`note: ${uncommitted} of them come from uncommitted sources; --fresh runs them again`);
      }
      draw(true);
    },
    started(cell) {
      running.set(groupName(cell), `${groupName(cell)} ${cell.method}`);
      draw(true);
    },
    at(cell, text) {
      running.set(groupName(cell), `${groupName(cell)} ${cell.method}: ${text}`);
      draw(false);
    },
    finished(record, left) {
      open = left;
      timeLeft.observe(record, nodesOf(record.set));
      const { set, method, options: own, result } = record;
      const teacher = own.teacher === undefined ? '' : ` ${own.teacher}`;
      const where = `${set}${teacher} ${own.setting} seed ${own.seed}`;
      running.delete(where);
      const accuracy = `${result.accuracy.toFixed(2).padStart(6)} %`;
      const status = pc.dim(`${result.seconds.toFixed(1)} s  ${statusText()}`);
      line(`${pc.green('✓')} ${accuracy}  ${method.padEnd(20)} ${where}  ${status}`);
      draw(true);
    },
    failed(cell, { code, message }, left) {
      open = left;
      running.delete(groupName(cell));
      const [first] = message.split('\n');
      line(
        `${pc.red('✗')} failed    ${cell.method.padEnd(20)} ${groupName(cell)}  ${first} ${pc.dim(`(${code})`)}`,
      );
      draw(true);
    },
    [Symbol.dispose]: clear,
  };
}
