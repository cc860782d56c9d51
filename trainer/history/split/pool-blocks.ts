// What is dealt of a pool: its runs as they are, or cut into blocks where they are too few.
import type { Run } from '../telemetry.ts';
import type { WindowLine } from '../window-lines.ts';
import { type Block, createBlock } from './block.ts';
import { cutRun } from './cut-run.ts';
import type { Pool } from './pools.ts';

/** Enough blocks for shares of a twentieth, few enough for most to hold whole incidents. */
const WANTED_BLOCKS = 40;
/** The only run of a class must give to every set. */
const WANTED_OF_RUN = 10;

export interface PoolBlocksOptions {
  readonly pool: Pool;
  readonly runs: readonly Run[];
  readonly lines: readonly WindowLine[];
  readonly labels: Int32Array;
  readonly classes: readonly string[];
  /** Position of the class in which nothing happens, −1 where there is none. */
  readonly normal: number;
  /** Length of a window, milliseconds. */
  readonly windowMs: number;
  readonly blockMs: number | undefined;
}

export interface PoolBlocks {
  readonly blocks: readonly Block[];
  readonly notes: readonly string[];
}

/** The nodes of several lines in the order of time. */
function inOrder(lines: readonly WindowLine[], from: number, until: number): Int32Array {
  const found: { node: number; time: number }[] = [];
  for (const { nodes, times } of lines) {
    nodes.forEach((node, i) => {
      if (times[i] >= from && times[i] < until) found.push({ node, time: times[i] });
    });
  }
  found.sort((a, b) => a.time - b.time || a.node - b.node);
  return Int32Array.from(found, ({ node }) => node);
}

const inEnglish = new Intl.ListFormat('en');

/** Why runs must be cut, or `undefined` where they stay whole. */
function reasonToCut({ pool, classes }: PoolBlocksOptions, blocks: readonly Block[]) {
  const wanted = pool.weights.size;
  if (blocks.length === 0 || wanted < 2) return undefined;
  if (blocks.length < wanted) {
    const runs = blocks.length === 1 ? 'There is one run' : `There are ${blocks.length} runs`;
    return `${runs} for ${wanted} sets`;
  }
  const runsWith = classes.map((_, c) => blocks.filter((b) => b.classSizes[c] > 0).length);
  const known = classes.filter((_, c) => runsWith[c] > 0);
  const lacking = classes.filter((_, c) => runsWith[c] > 0 && runsWith[c] < wanted);
  // A few rare classes are missing somewhere either way; whole runs are the more honest test.
  if (2 * lacking.length <= known.length) return undefined;
  return `Fewer than ${wanted} runs have ${inEnglish.format(lacking)}`;
}

export function poolBlocks(options: PoolBlocksOptions): PoolBlocks {
  const { pool, runs, labels, classes, windowMs } = options;
  const linesOf = new Map(pool.runs.map((run) => [run, [] as WindowLine[]]));
  for (const line of options.lines) linesOf.get(line.run)?.push(line);
  const filled = pool.runs.filter((run) => linesOf.get(run)!.length > 0);
  const blockOf = (run: number, from: number, until: number) =>
    createBlock(run, inOrder(linesOf.get(run)!, from, until), labels, classes.length);
  const whole = filled.map((run) =>
    blockOf(run, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY),
  );
  const reason = reasonToCut(options, whole);
  if (reason === undefined) return { blocks: whole, notes: [] };
  const span = (lines: readonly WindowLine[]) =>
    Math.max(...lines.map(({ times }) => times[times.length - 1])) -
    Math.min(...lines.map(({ times }) => times[0]));
  const total = filled.reduce((sum, run) => sum + span(linesOf.get(run)!), 0);
  let divided = 0;
  const blocks = filled.flatMap((run) => {
    const cuts = cutRun({
      ...options,
      lines: linesOf.get(run)!,
      windowMs,
      wantedMs: Math.min(total / WANTED_BLOCKS, span(linesOf.get(run)!) / WANTED_OF_RUN),
    });
    divided += cuts.divided;
    return cuts.starts.map((start, i) =>
      blockOf(run, start, cuts.starts[i + 1] ?? Number.POSITIVE_INFINITY),
    );
  });
  const names = filled.length === 1 && runs[filled[0]].name === '' ? 'the history is' : 'runs are';
  const notes = [`${reason}: ${names} cut into ${blocks.length} blocks of time.`];
  if (divided > 0) {
    notes.push(
      `${divided} incidents lie across a border of blocks: parts of one may be learnt from and tested on.`,
    );
  }
  return { blocks, notes };
}
