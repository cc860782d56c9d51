// Eigenvectors of a small symmetric matrix, by + − × ÷ and square roots alone: the same bits in
// every engine.

export interface Eigenpairs {
  /** Ascending. */
  readonly values: Float64Array;
  /** Row i is the vector of value i, of length 1; [n, n]. */
  readonly vectors: Float64Array;
}

/** Jacobi's method converges quadratically: six to ten sweeps for a hundred columns. */
const MAX_SWEEPS = 60;

/** Turns rows p and q of `rows` by the angle of (c, s). */
function turnRows(rows: Float64Array, n: number, p: number, q: number, c: number, s: number) {
  for (let j = 0; j < n; j++) {
    const a = rows[p * n + j];
    const b = rows[q * n + j];
    rows[p * n + j] = c * a - s * b;
    rows[q * n + j] = s * a + c * b;
  }
}

function turnColumns(rows: Float64Array, n: number, p: number, q: number, c: number, s: number) {
  for (let i = 0; i < n; i++) {
    const a = rows[i * n + p];
    const b = rows[i * n + q];
    rows[i * n + p] = c * a - s * b;
    rows[i * n + q] = s * a + c * b;
  }
}

/** Makes entry (p, q) zero; see Golub & Van Loan, Matrix Computations, Section 8.5. */
function annihilate(a: Float64Array, vectors: Float64Array, n: number, p: number, q: number) {
  const off = a[p * n + q];
  const theta = (a[q * n + q] - a[p * n + p]) / (2 * off);
  const t = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
  const c = 1 / Math.sqrt(t * t + 1);
  const s = t * c;
  turnRows(a, n, p, q, c, s);
  turnColumns(a, n, p, q, c, s);
  turnRows(vectors, n, p, q, c, s);
}

/** @param matrix float64 [n, n], symmetric; left as it is. */
export function symmetricEigenvectors(matrix: Float64Array, n: number): Eigenpairs {
  const a = matrix.slice();
  const vectors = new Float64Array(n * n);
  for (let i = 0; i < n; i++) vectors[i * n + i] = 1;
  const scale = a.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
  for (let sweep = 0, turned = true; turned && sweep < MAX_SWEEPS; sweep++) {
    turned = false;
    for (let p = 0; p < n; p++) {
      for (let q = p + 1; q < n; q++) {
        if (Math.abs(a[p * n + q]) <= scale * Number.EPSILON) continue;
        annihilate(a, vectors, n, p, q);
        turned = true;
      }
    }
  }
  const order = Array.from({ length: n }, (_, i) => i).sort(
    (i, j) => a[i * n + i] - a[j * n + j] || i - j,
  );
  const sorted = new Float64Array(n * n);
  order.forEach((from, to) => {
    sorted.set(vectors.subarray(from * n, (from + 1) * n), to * n);
  });
  return { values: Float64Array.from(order, (i) => a[i * n + i]), vectors: sorted };
}
