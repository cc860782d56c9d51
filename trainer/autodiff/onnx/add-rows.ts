// Adds rows of a matrix by target with Gather and batched MatMul. ScatterND would need one node,
// but CUDA adds with atomics, in another order at every run.
import type { Constant, Expression } from '../expression.ts';
import type { GraphWriter } from './graph-writer.ts';
import { identify } from './identify.ts';
import { LARGEST_BATCH, LARGEST_INTERMEDIATE, ranges } from './limits.ts';
import type { RowSums, SegmentBucket } from './row-sums.ts';

export interface AddRowsOptions {
  readonly writer: GraphWriter;
  readonly sums: RowSums;
  /** Matrix [·, columns] whose rows are added. */
  readonly source: string;
  readonly columns: number;
  /** Row of `source` that each entry adds; @default the entry itself. */
  readonly sourceOf?: Int32Array | undefined;
  /** Weights [entries, groups] of the rows, each for its part of the columns. @default 1 */
  readonly weights?: { readonly expression: Expression; readonly name: string } | undefined;
}

/** Up to so many columns the pieces are cut alike, so that all products share their indices. */
const COMMON_COLUMNS = 256;

/** Part of a bucket. */
interface Chunk extends SegmentBucket {
  /** Equal for equal entries. */
  readonly key: string;
}

function chunksOf(bucket: SegmentBucket, columns: number, groups: number): Chunk[] {
  const { width, count, entries, lengths } = bucket;
  const atOnce = LARGEST_INTERMEDIATE / Math.max(columns, COMMON_COLUMNS) / width;
  return ranges(count, Math.min(atOnce, LARGEST_BATCH / groups)).map(({ start, end }) => ({
    width,
    count: end - start,
    entries: entries.subarray(start * width, end * width),
    lengths: lengths.subarray(start, end),
    key: `${identify(entries)} ${start} ${end} ${groups}`,
  }));
}

/** [count, groups, width] positions `of(entry) · groups + group`; `padding` where a segment ended. */
function spread(
  { count, width, entries, lengths }: SegmentBucket,
  groups: number,
  of: (entry: number) => number,
  padding?: number,
): Int32Array {
  const result = new Int32Array(count * groups * width);
  for (let row = 0, at = 0; row < count; row++) {
    for (let group = 0; group < groups; group++) {
      for (let k = 0; k < width; k++, at++) {
        const real = padding === undefined || k < lengths[row];
        result[at] = real ? of(entries[row * width + k]) * groups + group : padding;
      }
    }
  }
  return result;
}

/** Weights 0 where padded, else 1, or the given ones; [count, 1, width] or [count, groups, 1, width]. */
function leftFactor({ writer, weights }: AddRowsOptions, chunk: Chunk, groups: number): string {
  const { count, width } = chunk;
  const dims = groups === 1 ? [count, 1, width] : [count, groups, 1, width];
  const itself = (entry: number) => entry;
  if (weights === undefined || weights.expression.kind === 'constant') {
    const data = weights && (weights.expression as Constant).data;
    return writer.once(`factor ${chunk.key} ${weights?.name}`, () => {
      const positions = spread(chunk, groups, itself, -1);
      const factors = Float32Array.from(positions, (at: number) =>
        at < 0 ? 0 : (data?.[at] ?? 1),
      );
      return writer.floats(factors, dims);
    });
  }
  const entries = weights.expression.shape[0] * groups;
  const padded = writer.once(`padded ${weights.name}`, () => {
    const zero = writer.once('one zero', () => writer.floats(new Float32Array(1), [1]));
    return writer.concatenate([writer.reshape(weights.name, [entries]), zero]);
  });
  const positions = writer.once(`positions ${chunk.key}`, () =>
    writer.indices(spread(chunk, groups, itself, entries), dims),
  );
  return writer.emit('Gather', [padded, positions], { axis: 0 });
}

/** Sums of a chunk's segments, [count, 1, columns]. */
function addChunk(options: AddRowsOptions, chunk: Chunk, groups: number): string {
  const { writer, source, columns, sourceOf, weights } = options;
  const { count, width } = chunk;
  const of = sourceOf ? (entry: number) => sourceOf[entry] : (entry: number) => entry;
  const rows = writer.once(`rows ${chunk.key} ${sourceOf && identify(sourceOf)}`, () =>
    writer.indices(
      spread(chunk, groups, of),
      groups === 1 ? [count, width] : [count, groups, width],
    ),
  );
  const gathered = writer.emit('Gather', [source, rows], { axis: 0 });
  if (width === 1 && !weights) return gathered;
  const added = writer.emit('MatMul', [leftFactor(options, chunk, groups), gathered]);
  return groups === 1 ? added : writer.reshape(added, [count, 1, columns]);
}

/** Segments of one level, [segments, columns]. */
function addLevel(options: AddRowsOptions): string {
  const { writer, sums, columns, weights } = options;
  const groups = weights?.expression.shape[1] ?? 1;
  const source =
    groups === 1 ? options.source : writer.reshape(options.source, [-1, columns / groups]);
  const parts = sums.buckets
    .flatMap((bucket) => chunksOf(bucket, columns, groups))
    .map((chunk) => addChunk({ ...options, source }, chunk, groups));
  return writer.reshape(writer.concatenate(parts), [-1, columns]);
}

/**
 * Adds rows by target; the order of every addition is fixed.
 *
 * @returns name of the sums [targets, columns]; targets without entries are zero.
 */
export function addRows(options: AddRowsOptions): string {
  const { writer, sums, columns } = options;
  const levels: string[] = [];
  let segments = 0;
  let from: AddRowsOptions = options;
  for (let level: RowSums | undefined = sums; level?.segmentCount; level = level.next) {
    const added = addLevel({ ...from, sums: level });
    levels.push(added);
    segments += level.segmentCount;
    from = { writer, sums: level, columns, source: added };
  }
  if (sums.position.includes(-1)) {
    const zeros = () => writer.floats(new Float32Array(columns), [1, columns]);
    levels.push(writer.once(`zero row ${columns}`, zeros));
  }
  const position = writer.once(`position ${identify(sums.position)}`, () => {
    const rows = sums.position.map((at) => (at < 0 ? segments : at));
    return writer.indices(rows, [rows.length]);
  });
  return writer.emit('Gather', [writer.concatenate(levels), position], { axis: 0 });
}
