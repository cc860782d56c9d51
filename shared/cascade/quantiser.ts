// Float rows to the codes that a cascade reads. In plain TypeScript that takes three times as long
// as the whole cascade on a row of 128 features, so the kernels do it.
import {
  checkWidth,
  type FloatRows,
  type InputQuantisation,
  type Kernels,
  type QuantisedRows,
  quantiseFloatRows,
  quantiseSparse,
  type SparseFloatRows,
  type SparseRows,
  toSparse,
  withoutZeros,
} from '../kernel/index.ts';
import { createArena } from './block/arena.ts';

/**
 * @param codes room for the codes of dense rows: making it anew costs several times what a single
 * row does.
 */
export type Quantiser = (
  rows: FloatRows | SparseFloatRows,
  codes?: Uint8Array<ArrayBuffer>,
) => QuantisedRows;

type WasmKernels = Exclude<Kernels, { readonly path: 'scalar' }>;

/** Floats of a piece stay within the first cache. */
const PIECE_BYTES = 16 * 1024;

/** What the kernel reads and writes beyond the last number. */
const SLACK_BYTES = 16;

/** Numbers that one vector holds. */
const LANES = 4;

/** Lines of `width` floats to codes, a piece of them at a time. */
function createLines(
  { instantiate }: WasmKernels,
  { width, zeroPoint, offset, multiplier }: Omit<InputQuantisation, 'sparse'>,
) {
  const pieceLines = Math.max(1, Math.floor(PIECE_BYTES / (4 * width)));
  const arena = createArena();
  const at = {
    offset: arena.take(4 * width + SLACK_BYTES),
    multiplier: arena.take(4 * width + SLACK_BYTES),
    values: arena.take(4 * width * pieceLines + SLACK_BYTES),
    codes: arena.take(width * pieceLines + SLACK_BYTES),
  };
  const memory = arena.create();
  const { buffer } = memory;
  const { quantise } = instantiate(memory);
  new Float32Array(buffer, at.offset, width).set(offset);
  new Float32Array(buffer, at.multiplier, width).set(multiplier);
  const floats = new Float32Array(buffer, at.values, width * pieceLines);
  const bytes = new Uint8Array(buffer, at.codes, width * pieceLines);
  const oneLine = bytes.subarray(0, width);
  const piece = pieceLines * width;

  /** Codes of `values`, whose number need not be whole lines, at `to`. */
  return (values: Float32Array, to: Uint8Array): void => {
    for (let begin = 0; begin < values.length; begin += piece) {
      const taken = Math.min(piece, values.length - begin);
      floats.set(taken === values.length ? values : values.subarray(begin, begin + taken));
      const lines = Math.ceil(taken / width);
      quantise(at.values, lines, width, at.offset, at.multiplier, zeroPoint, at.codes);
      to.set(taken === width ? oneLine : bytes.subarray(0, taken), begin);
    }
  };
}

function createDense(input: InputQuantisation, kernels: WasmKernels): Quantiser {
  const { width } = input;
  const write = createLines(kernels, input);
  return (rows, given) => {
    checkWidth(rows.width, width);
    const { count } = rows;
    const codes = given ?? new Uint8Array(count * width);
    const { values } = rows;
    write(values.length === count * width ? values : values.subarray(0, count * width), codes);
    return { kind: 'dense', count, width, codes };
  };
}

function createSparse(input: InputQuantisation, kernels: WasmKernels): Quantiser {
  const every = (values: Float32Array) => new Float32Array(LANES).fill(values[0]);
  // All entries have one scale, so a line may end anywhere; a missing value counts as none.
  const write = createLines(kernels, {
    width: LANES,
    zeroPoint: 0,
    offset: every(input.offset),
    multiplier: every(input.multiplier),
  });
  return (given) => {
    const rows = 'indices' in given ? given : toSparse(given);
    checkWidth(rows.width, input.width);
    const { count, width, offsets, indices, values } = rows;
    const codes = new Uint8Array(indices.length);
    write(values, codes);
    const all: SparseRows = { kind: 'sparse', count, width, offsets, indices, codes };
    return codes.includes(0) ? withoutZeros(all) : all;
  };
}

/**
 * Makes a function that gives what {@linkcode quantiseFloatRows} and {@linkcode quantiseSparse} do,
 * bit for bit. Its memory is taken when it is first called.
 */
export function createQuantiser(input: InputQuantisation, kernels: Kernels): Quantiser {
  if (kernels.path === 'scalar') {
    return (rows) =>
      'indices' in rows ? quantiseSparse(rows, input) : quantiseFloatRows(rows, input);
  }
  let made: Quantiser | undefined;
  return (rows, codes) => {
    made ??= input.sparse ? createSparse(input, kernels) : createDense(input, kernels);
    return made(rows, codes);
  };
}
