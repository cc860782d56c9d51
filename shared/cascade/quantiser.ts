// Float rows to the codes that a cascade reads. In plain TypeScript that takes three times as long
// as the whole cascade on a row of 128 features, so the kernels do it.
import {
  checkWidth,
  type FloatRows,
  type InputQuantisation,
  type Kernels,
  type QuantisedRows,
  quantiseFloatRows,
} from '../kernel/index.ts';
import { createArena } from './block/arena.ts';

/**
 * @param codes room for the codes of dense rows: making it anew costs several times what a single
 * row does.
 */
export type Quantiser = (rows: FloatRows, codes?: Uint8Array<ArrayBuffer>) => QuantisedRows;

/** Floats of a piece stay within the first cache. */
const PIECE_BYTES = 16 * 1024;

/** What the kernel reads and writes beyond the last number. */
const SLACK_BYTES = 16;

function createDenseQuantiser(
  input: InputQuantisation,
  kernels: Exclude<Kernels, { readonly path: 'scalar' }>,
): Quantiser {
  const { width, zeroPoint } = input;
  const pieceRows = Math.max(1, Math.floor(PIECE_BYTES / (4 * width)));
  const arena = createArena();
  const offset = arena.take(4 * width + SLACK_BYTES);
  const multiplier = arena.take(4 * width + SLACK_BYTES);
  const values = arena.take(4 * width * pieceRows + SLACK_BYTES);
  const codes = arena.take(width * pieceRows + SLACK_BYTES);
  arena.write((memory) => {
    new Float32Array(memory, offset, width).set(input.offset);
    new Float32Array(memory, multiplier, width).set(input.multiplier);
  });
  const memory = arena.create();
  const { quantise } = kernels.instantiate(memory);
  const floats = new Float32Array(memory.buffer, values, width * pieceRows);
  const bytes = new Uint8Array(memory.buffer, codes, width * pieceRows);
  const oneRow = bytes.subarray(0, width);
  return (rows, given) => {
    checkWidth(rows.width, width);
    const { count } = rows;
    const all = given ?? new Uint8Array(count * width);
    for (let begin = 0; begin < count; begin += pieceRows) {
      const taken = Math.min(pieceRows, count - begin);
      const [from, to] = [begin * width, (begin + taken) * width];
      floats.set(taken === count ? rows.values : rows.values.subarray(from, to));
      quantise(values, taken, width, offset, multiplier, zeroPoint, codes);
      all.set(taken === 1 ? oneRow : bytes.subarray(0, taken * width), from);
    }
    return { kind: 'dense', count, width, codes: all };
  };
}

/**
 * Makes a function that gives what {@linkcode quantiseFloatRows} does, bit for bit. Its memory is
 * taken when it is first called.
 */
export function createQuantiser(input: InputQuantisation, kernels: Kernels): Quantiser {
  // A sparse row has few non-zeros, whose places decide more than their values.
  if (kernels.path === 'scalar' || input.sparse) return (rows) => quantiseFloatRows(rows, input);
  let dense: Quantiser | undefined;
  return (rows, codes) => {
    dense ??= createDenseQuantiser(input, kernels);
    return dense(rows, codes);
  };
}
