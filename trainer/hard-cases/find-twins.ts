// Cases that are the very rows of held-out nodes: to learn from them would be to know the answers.
import type { QuantisedRows } from '@dandan/shared/kernel';

/** A case's values are those of its codes: rounded once more, they may be one code off. */
const TOLERANCE = 1;

type Dense = Extract<QuantisedRows, { kind: 'dense' }>;
type Sparse = Extract<QuantisedRows, { kind: 'sparse' }>;

const near = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Array.prototype.every.call(a, (code, j) => Math.abs(code - b[j]) <= TOLERANCE);

/** Rows by the codes of their first two columns, so that few are compared in full. */
function denseFinder(held: Dense, nodes: Int32Array) {
  const { width } = held;
  const rowOf = (rows: Dense, i: number) => rows.codes.subarray(i * width, (i + 1) * width);
  const keyOf = (first: number, second = 0) => 1000 * first + second;
  const buckets = new Map<number, number[]>();
  for (const node of nodes) {
    const row = rowOf(held, node);
    const key = keyOf(row[0], row[1]);
    const bucket = buckets.get(key);
    if (bucket) bucket.push(node);
    else buckets.set(key, [node]);
  }
  const around = (code: number | undefined) =>
    code === undefined ? [undefined] : [code - 1, code, code + 1];
  return (cases: Dense, i: number) => {
    const row = rowOf(cases, i);
    return around(row[0]).some((first) =>
      around(row[1]).some((second) =>
        buckets.get(keyOf(first ?? 0, second))?.some((node) => near(row, rowOf(held, node))),
      ),
    );
  };
}

/** Rows by the columns that are not 0. */
function sparseFinder(held: Sparse, nodes: Int32Array) {
  const at = ({ offsets }: Sparse, i: number) => [offsets[i], offsets[i + 1]] as const;
  const keyOf = (rows: Sparse, i: number) => rows.indices.subarray(...at(rows, i)).join();
  const codesOf = (rows: Sparse, i: number) => rows.codes.subarray(...at(rows, i));
  const buckets = Map.groupBy(nodes, (node) => keyOf(held, node));
  return (cases: Sparse, i: number) =>
    buckets.get(keyOf(cases, i))?.some((node) => near(codesOf(cases, i), codesOf(held, node))) ??
    false;
}

export interface FindTwinsOptions {
  readonly cases: QuantisedRows;
  /** Of all nodes, with the codes of the same input. */
  readonly rows: QuantisedRows;
  /** Held-out nodes. */
  readonly nodes: Int32Array;
}

/** Whether each case is within one code, in every column, of the row of a held-out node. */
export function findTwins({ cases, rows, nodes }: FindTwinsOptions): boolean[] {
  const positions = Array.from({ length: cases.count }, (_, i) => i);
  if (cases.kind === 'dense' && rows.kind === 'dense') {
    const find = denseFinder(rows, nodes);
    return positions.map((i) => find(cases, i));
  }
  if (cases.kind === 'sparse' && rows.kind === 'sparse') {
    const find = sparseFinder(rows, nodes);
    return positions.map((i) => find(cases, i));
  }
  throw new TypeError('Cases and rows must be of one kind');
}
