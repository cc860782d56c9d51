// Which windows of a history are for what: whole runs or whole stretches of time, never single
// windows, whose neighbours in time would tell their answer.
import { InputError } from '@dandan/shared/error';
import type { TelemetrySpec } from '@dandan/shared/features';
import { createRandom } from '@dandan/shared/random';
import type { NodePlaces, Split } from '../../graph/graph-data.ts';
import type { SplitChoices } from '../project/index.ts';
import type { Run } from '../telemetry.ts';
import { windowLines, windowStarts } from '../window-lines.ts';
import type { Block } from './block.ts';
import { dealBlocks } from './deal-blocks.ts';
import { drawLabels } from './draw-labels.ts';
import { poolBlocks } from './pool-blocks.ts';
import { poolsOf } from './pools.ts';
import { purgeBorders } from './purge.ts';
import { type SetName, setWeights } from './set-names.ts';
import { splitNotes } from './split-notes.ts';

/** A shorter block would be gone once its borders are. */
const LEAST_BLOCK_WINDOWS = 2;

export interface HistorySplitOptions {
  readonly places: NodePlaces;
  readonly spec: TelemetrySpec;
  /** int32 [nodes], −1 where unknown. */
  readonly labels: Int32Array;
  readonly classes: readonly string[];
  /** The class in which nothing happens: borders of blocks may lie in it. @default {none} */
  readonly normal?: string | undefined;
  readonly split: SplitChoices;
  /** What the files say of each run of `places`. @default {nothing} */
  readonly runs?: readonly Run[] | undefined;
  readonly seed: number;
}

export interface HistorySplit {
  /**
   * `unlabelled` calibrates. `unseen` are the blocks of `test` and `unlabelled`, whole, and what
   * shares readings with them. Nodes in no set are for the teacher's word alone.
   */
  readonly split: Split & { readonly unseen: Int32Array };
  /** int32 [nodes]: the run or stretch of time that each was dealt with. */
  readonly blocks: Int32Array;
  /** What is worth knowing of it, in sentences. */
  readonly notes: readonly string[];
}

function meanLength(time: Float64Array, starts: Float64Array): number {
  return time.reduce((sum, end, node) => sum + (end - starts[node]), 0) / Math.max(1, time.length);
}

function checkBlockLength(blockMs: number | undefined, windowMs: number): void {
  if (blockMs === undefined || blockMs >= LEAST_BLOCK_WINDOWS * windowMs) return;
  throw new InputError('option-invalid', 'Blocks are too short for their windows', {
    field: 'split.blockMs',
    value: blockMs,
    allowed: `at least ${LEAST_BLOCK_WINDOWS} windows of ${Math.round(windowMs)} ms`,
  });
}

function checkLabelled(set: 'train' | 'validation', { length }: Int32Array): void {
  if (length > 0) return;
  throw new InputError('data-invalid', `No labelled window is left for the set ${set}`, {
    field: `split.${set}`,
    value: 0,
    allowed: 'labelled windows in at least two runs or stretches of time',
  });
}

/**
 * Deals runs, or stretches of time where there are too few, so that every class is in every set
 * where that can be. Between two sets in one run a window's length is left out.
 *
 * @throws {InputError} `option-invalid`; `data-invalid` where labels are too few to learn from.
 */
export function historySplit(options: HistorySplitOptions): HistorySplit {
  const { places, spec, labels, classes, normal, split: choices, seed } = options;
  const runs = options.runs ?? places.runs.map((name) => ({ name }));
  const random = createRandom(seed).fork('history split');
  const starts = windowStarts(places, spec);
  const windowMs = meanLength(places.time, starts);
  checkBlockLength(choices.blockMs, windowMs);
  const lines = windowLines(places);
  const notes: string[] = [];
  const blocks: Block[] = [];
  const dealt: SetName[] = [];
  for (const [at, pool] of poolsOf(runs, setWeights(choices)).entries()) {
    const found = poolBlocks({
      ...{ pool, runs, lines, labels, classes, windowMs },
      normal: normal === undefined ? -1 : classes.indexOf(normal),
      blockMs: choices.blockMs,
    });
    notes.push(...found.notes);
    blocks.push(...found.blocks);
    dealt.push(...dealBlocks(found.blocks, pool.weights, random.fork(`pool ${at}`)));
  }
  const blockOf = new Int32Array(places.time.length);
  blocks.forEach(({ nodes }, block) => {
    for (const node of nodes) blockOf[node] = block;
  });
  const dealtOf = Array.from(blockOf, (block) => dealt[block]);
  const { sets, hidden } = purgeBorders({ places, starts, dealt: dealtOf });
  const labelled: Record<SetName, number[]> = {
    train: [],
    validation: [],
    test: [],
    calibration: [],
  };
  const unlabelled: number[] = [];
  sets.forEach((set, node) => {
    if (set === 'calibration') unlabelled.push(node);
    else if (set !== undefined && labels[node] >= 0) labelled[set].push(node);
  });
  const draw = (set: 'train' | 'validation', perClass: number | undefined) =>
    drawLabels({
      nodes: labelled[set],
      labels,
      blocks: blockOf,
      perClass,
      random: random.fork(set),
    });
  const split = {
    train: draw('train', choices.labelsPerClass),
    validation: draw('validation', choices.validationPerClass),
    test: Int32Array.from(labelled.test),
    unlabelled: Int32Array.from(unlabelled),
    unseen: Int32Array.from(hidden.keys()).filter((node) => hidden[node] === 1),
  };
  checkLabelled('train', split.train);
  checkLabelled('validation', split.validation);
  notes.push(...splitNotes({ split, labels, classes, blocks, choices, purged: sets }));
  return { split, blocks: blockOf, notes };
}
