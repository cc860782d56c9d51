// How long the rest of a table takes, from the cells that are done.
import type { Cell, CellRecord } from './cell.ts';

export interface TimeLeft {
  observe(record: CellRecord, nodes: number): void;
  /** Seconds for these cells on so many workers; `undefined` before anything is known. */
  estimate(cells: readonly Cell[], workers: number): number | undefined;
}

interface Mean {
  sum: number;
  count: number;
}

/**
 * A cell takes as long as the mean of its method on its set; without one, as the method on
 * other sets per node, then as any cell per node.
 *
 * @param nodesOf nodes of a set.
 */
export function createTimeLeft(nodesOf: (set: string) => number): TimeLeft {
  const means = new Map<string, Mean>();
  const add = (key: string, value: number) => {
    const mean = means.get(key) ?? { sum: 0, count: 0 };
    means.set(key, { sum: mean.sum + value, count: mean.count + 1 });
  };
  const meanOf = (key: string) => {
    const mean = means.get(key);
    return mean && mean.sum / mean.count;
  };
  function secondsOf({ set, method }: Cell): number | undefined {
    const own = meanOf(`${set} ${method}`);
    const perNode = meanOf(method) ?? meanOf('');
    return own ?? (perNode === undefined ? undefined : perNode * nodesOf(set));
  }
  return {
    observe({ set, method, result }, nodes) {
      add(`${set} ${method}`, result.seconds);
      add(method, result.seconds / nodes);
      add('', result.seconds / nodes);
    },
    estimate(cells, workers) {
      let total = 0;
      for (const cell of cells) {
        const seconds = secondsOf(cell);
        if (seconds === undefined) return undefined;
        total += seconds;
      }
      return total / workers;
    },
  };
}
