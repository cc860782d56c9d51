// A bundle made ready to run: weights where the kernels read them, and what a stage costs.
import type { Bundle, Stage } from '../bundle/bundle.ts';
import type { Manifest } from '../bundle/manifest.ts';
import type { InputQuantisation, KernelPath, Kernels, QuantisedRows } from '../kernel/index.ts';
import { chooseKernels } from './block/choose-kernels.ts';
import { createBlock } from './block/create-block.ts';
import type { RowBlock } from './block/row-block.ts';
import { createPace, type Pace } from './budget/pace.ts';
import { createQuantiser, type Quantiser } from './quantiser.ts';

/**
 * One caller at a time may run it: its memory holds the rows at hand. It keeps a copy of the
 * weights, so that the bundle's own may be let go.
 */
export interface Cascade {
  readonly manifest: Manifest;
  readonly input: InputQuantisation;
  /** Stages at hand; a gateway's prefix holds fewer than the manifest describes. */
  readonly stages: number;
  readonly kernels: KernelPath;
  readonly block: RowBlock;
  /** Float rows to what {@linkcode runCascade} takes. @throws {InputError} `rows-wrong-width`. */
  readonly quantise: Quantiser;
  /** Multiply-accumulates up to and including stage k for a row of n columns: fixed[k] + n · perColumn[k]. */
  readonly cost: { readonly fixed: readonly number[]; readonly perColumn: readonly number[] };
  /** How quickly stages ran so far; learns from runs with a deadline. */
  readonly pace: Pace;
}

export interface CreateCascadeOptions {
  /** @default {the quickest that are right here} */
  readonly kernels?: Kernels;
}

function stageCosts(stages: readonly Stage[], width: number): Cascade['cost'] {
  const fixed: number[] = [];
  const perColumn: number[] = [];
  let fixedSum = 0;
  let columnSum = 0;
  for (const { hidden, head } of stages) {
    const [first, ...rest] = hidden;
    columnSum += first.outputs;
    fixedSum += first.outputs * (first.inputs - width);
    for (const { inputs, outputs } of [...rest, head]) fixedSum += inputs * outputs;
    fixed.push(fixedSum);
    perColumn.push(columnSum);
  }
  return { fixed, perColumn };
}

/** Makes a bundle ready to run; copies its weights once. */
export function createCascade(bundle: Bundle, options: CreateCascadeOptions = {}): Cascade {
  const { kernels = chooseKernels() } = options;
  const { manifest, input, stages } = bundle;
  const model = {
    input,
    structure: manifest.structure,
    classes: manifest.classes.length,
    stages,
  };
  return {
    manifest,
    input,
    stages: stages.length,
    kernels: kernels.path,
    block: createBlock(model, kernels),
    quantise: createQuantiser(input, kernels),
    cost: stageCosts(stages, input.width),
    pace: createPace(stages.length),
  };
}

/** Multiply-accumulates of stage `stage` alone (0-based) for a row of `columns` columns. */
export function stageMacs({ cost }: Cascade, stage: number, columns: number): number {
  const upTo = (k: number) => (k < 0 ? 0 : cost.fixed[k] + columns * cost.perColumn[k]);
  return upTo(stage) - upTo(stage - 1);
}

/** Columns of row `index` that the first layer reads: its non-zeros where rows are sparse. */
function columnsOf(rows: QuantisedRows, index: number): number {
  return rows.kind === 'dense' ? rows.width : rows.offsets[index + 1] - rows.offsets[index];
}

/** Multiply-accumulates of row `index` up to and including stage `stage` (0-based). */
export function macsOf({ cost }: Cascade, rows: QuantisedRows, index: number, stage: number) {
  return cost.fixed[stage] + columnsOf(rows, index) * cost.perColumn[stage];
}
