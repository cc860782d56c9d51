// A block whose rows and weights lie in a memory of WebAssembly. Weights are copied in once.
import { checkEntries, checkShape, type Kernels, type QuantisedRows } from '../../kernel/index.ts';
import { createArena, roundUp } from './arena.ts';
import { packStages, shapeOf } from './pack-model.ts';
import type { CascadeModel, RowBlock } from './row-block.ts';

/** Rows of a block together stay within this, so that they share the first cache with weights. */
const BLOCK_BYTES = 16 * 1024;
const MIN_ROWS = 16;
const MAX_ROWS = 256;

/** Non-zeros of a block of sparse rows; a single row may hold as many as there are columns. */
const BLOCK_ENTRIES = 16 * 1024;

/** Reads of four codes may begin at the last one. */
const SLACK_BYTES = 16;

export function createWasmBlock(
  model: CascadeModel,
  kernels: Exclude<Kernels, { readonly path: 'scalar' }>,
): RowBlock {
  const { input } = model;
  const shape = shapeOf(model);
  const { hiddenAt, rowBytes, layerBytes, sumBytes, classBytes } = shape;
  const fitting = Math.floor(BLOCK_BYTES / rowBytes);
  const capacity = Math.min(MAX_ROWS, Math.max(MIN_ROWS, fitting - (fitting % 4)));
  const entries = input.sparse ? Math.max(BLOCK_ENTRIES, input.width) : 0;

  const arena = createArena();
  const order = kernels.path === 'simd128' ? 'pairs' : 'quads';
  const stages = packStages(arena, { model, shape, order });
  const rows = arena.take(capacity * rowBytes);
  const even = arena.take(capacity * layerBytes);
  const odd = arena.take(capacity * layerBytes);
  const sums = arena.take(capacity * sumBytes);
  const logits = arena.take(capacity * classBytes);
  const probabilities = arena.take(capacity * classBytes);
  const weighted = arena.take(capacity * classBytes);
  const weightSums = arena.take(4 * capacity);
  const classes = arena.take(4 * capacity);
  const stageClasses = arena.take(4 * capacity);
  const confidence = arena.take(4 * capacity);
  // Rows are taken four at a time.
  const scratchBytes = 4 * roundUp(capacity, 4);
  const scratch = arena.take(2 * scratchBytes);
  const active = arena.take(4 * capacity);
  const offsets = arena.take(4 * (capacity + 1));
  const indices = arena.take(4 * entries);
  const codes = arena.take(entries + SLACK_BYTES);
  const staged = arena.take(input.sparse ? 0 : capacity * input.width);
  // In the order of `Block` in wasm/source/block.ts.
  const block = arena.words([
    ...[rows, rowBytes, hiddenAt, even, odd, layerBytes, sums, sumBytes],
    ...[logits, probabilities, weighted, classBytes, weightSums, classes, stageClasses, confidence],
    ...[scratch, scratchBytes, active, offsets, indices, codes],
  ]);
  const memory = arena.create();
  const { buffer } = memory;
  const run = kernels.instantiate(memory);
  const views = {
    staged: new Uint8Array(buffer, staged, input.sparse ? 0 : capacity * input.width),
    offsets: new Int32Array(buffer, offsets, capacity + 1),
    indices: new Int32Array(buffer, indices, entries),
    codes: new Uint8Array(buffer, codes, entries),
  };

  function loadDense(from: QuantisedRows & { kind: 'dense' }, begin: number): number {
    const { width, count } = from;
    const taken = Math.min(capacity, count - begin);
    // A view is an allocation; a caller with one row has none.
    const whole = taken === count;
    views.staged.set(
      whole ? from.codes : from.codes.subarray(begin * width, (begin + taken) * width),
    );
    if (run.beginDense(block, staged, width, taken) === 0) checkEntries(from);
    return taken;
  }

  function loadSparse(from: QuantisedRows & { kind: 'sparse' }, begin: number): number {
    const first = from.offsets[begin];
    let taken = 0;
    views.offsets[0] = 0;
    while (taken < capacity && begin + taken < from.count) {
      const end = from.offsets[begin + taken + 1] - first;
      // Offsets that do not ascend, or a row with more entries than columns, are found below.
      if (!(end >= views.offsets[taken])) checkEntries(from);
      if (end > entries) break;
      views.offsets[++taken] = end;
    }
    if (taken === 0) checkEntries(from);
    const end = first + views.offsets[taken];
    const whole = first === 0 && end === from.indices.length;
    views.indices.set(whole ? from.indices : from.indices.subarray(first, end));
    views.codes.set(whole ? from.codes : from.codes.subarray(first, end));
    if (run.beginSparse(block, from.width, taken) === 0) checkEntries(from);
    return taken;
  }

  return {
    capacity,
    bytes: buffer.byteLength,
    active: new Int32Array(buffer, active, capacity),
    classes: new Int32Array(buffer, classes, capacity),
    confidence: new Float32Array(buffer, confidence, capacity),
    stageClasses: new Int32Array(buffer, stageClasses, capacity),
    probabilities: new Float32Array(buffer, probabilities, (capacity * classBytes) / 4),
    classStride: classBytes / 4,
    load(from, begin) {
      checkShape(from, input);
      return from.kind === 'dense' ? loadDense(from, begin) : loadSparse(from, begin);
    },
    step(stage, count) {
      run.runStage(block, stages[stage], count);
    },
  };
}
