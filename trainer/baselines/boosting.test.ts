import { expect, test } from 'vitest';
import { expectClose } from '../testing/expect-close.ts';
import { boost } from './boosting.ts';

const KL = (error: number) => -Math.log(1 - error);

test('boost() follows AdaBoost, by hand on two nodes', () => {
  // Errors 0 and 0.5: ε = 0.25, α = ln 3; weights ∝ 1 and 3^0.5 = 1.7320508.
  const { nodeWeights, alphas } = boost({
    divergences: [Float32Array.of(0, KL(0.5)), Float32Array.of(KL(0.5), 0)],
    beta: 1,
  });
  expectClose(nodeWeights[0], [0.5, 0.5]);
  expectClose(nodeWeights[1], [1 / 2.7320508, 1.7320508 / 2.7320508]);
  // The second student errs where the weight is 0.3660254: ε = 0.1830127.
  expectClose(alphas, [Math.log(3), Math.log(0.8169873 / 0.1830127)]);
});

test('boost() turns divergences into errors the quicker the larger beta', () => {
  const divergences = [Float32Array.of(0.2, 0.1)];
  const alphaOf = (beta: number) => boost({ divergences, beta }).alphas[0];
  expect(alphaOf(4)).toBeLessThan(alphaOf(1));
});

test('boost() stays finite for perfect and for hopeless students', () => {
  for (const kl of [0, 1000]) {
    const divergence = Float32Array.of(kl, kl);
    const { alphas, nodeWeights } = boost({ divergences: [divergence, divergence], beta: 1 });
    expect(Number.isFinite(alphas[0])).toBe(true);
    expect(alphas[0]).toBeGreaterThan(0);
    expectClose(nodeWeights[1], [0.5, 0.5]);
  }
});
