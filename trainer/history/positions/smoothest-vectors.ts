// The vectors that change least from one machine to the next, of a connected graph of any size.
import { createRandom } from '@dandan/shared/random';
import { symmetricEigenvectors } from './symmetric-eigenvectors.ts';

/** Vectors beside those asked for: the more, the faster the others settle. */
const SPARE = 8;
/** On a line of 1,000 machines, the slowest case, an error falls by four a step. */
const STEPS = 40;
/** Of the smallest eigenvalue, which is 0 and would leave nothing to divide by. */
const SHIFT = 1e-4;

/** Lower factor of A = F Fᵀ, in place of A's lower half. */
function factorise(a: Float64Array, n: number): void {
  for (let j = 0; j < n; j++) {
    for (let i = j; i < n; i++) {
      let sum = a[i * n + j];
      for (let k = 0; k < j; k++) sum -= a[i * n + k] * a[j * n + k];
      a[i * n + j] = i === j ? Math.sqrt(sum) : sum / a[j * n + j];
    }
  }
}

/** x ← A⁻¹ x. */
function solve(factor: Float64Array, n: number, x: Float64Array): void {
  for (let i = 0; i < n; i++) {
    let sum = x[i];
    for (let k = 0; k < i; k++) sum -= factor[i * n + k] * x[k];
    x[i] = sum / factor[i * n + i];
  }
  for (let i = n - 1; i >= 0; i--) {
    let sum = x[i];
    for (let k = i + 1; k < n; k++) sum -= factor[k * n + i] * x[k];
    x[i] = sum / factor[i * n + i];
  }
}

const dot = (x: Float64Array, y: Float64Array) =>
  x.reduce((sum, value, i) => sum + value * y[i], 0);

/** Gram–Schmidt, twice, since once leaves rounding errors behind. */
function orthonormalise(basis: readonly Float64Array[]): void {
  basis.forEach((x, at) => {
    for (let pass = 0; pass < 2; pass++) {
      for (const y of basis.slice(0, at)) {
        const along = dot(x, y);
        for (let i = 0; i < x.length; i++) x[i] -= along * y[i];
      }
    }
    const length = Math.sqrt(dot(x, x));
    for (let i = 0; i < x.length; i++) x[i] /= length;
  });
}

/**
 * Eigenvectors of the Laplacian by subspace iteration with its inverse (Golub & Van Loan, Section
 * 8.2), from the smallest eigenvalue on, the constant one left out.
 *
 * @param laplacian float64 [n, n], of a connected graph.
 * @returns `count` vectors of length 1 at most; fewer where n is smaller.
 */
export function smoothestVectors(
  laplacian: Float64Array,
  n: number,
  count: number,
): Float64Array[] {
  const size = Math.min(n, 1 + count + SPARE);
  const random = createRandom(1);
  const basis = Array.from({ length: size }, () =>
    Float64Array.from({ length: n }, () => random.normal()),
  );
  orthonormalise(basis);
  // A basis of everything holds the smoothest as it is.
  if (size < n) {
    const factor = laplacian.slice();
    for (let i = 0; i < n; i++) factor[i * n + i] += SHIFT;
    factorise(factor, n);
    for (let step = 0; step < STEPS; step++) {
      for (const x of basis) solve(factor, n, x);
      orthonormalise(basis);
    }
  }
  const images = basis.map((x) =>
    Float64Array.from({ length: n }, (_, i) => dot(laplacian.subarray(i * n, (i + 1) * n), x)),
  );
  const projected = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let j = i; j < size; j++) {
      projected[i * size + j] = projected[j * size + i] = dot(basis[i], images[j]);
    }
  }
  const { vectors } = symmetricEigenvectors(projected, size);
  return Array.from({ length: Math.min(count, size - 1) }, (_, k) => {
    const weights = vectors.subarray((k + 1) * size, (k + 2) * size);
    return Float64Array.from({ length: n }, (_, i) =>
      basis.reduce((sum, x, b) => sum + weights[b] * x[i], 0),
    );
  });
}
