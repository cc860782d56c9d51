import { expect, test } from 'vitest';
import { adamCorrections, adamStep, firstMoment, secondMoment } from './adam.ts';
import { add, input, multiply, scalar, total } from './build.ts';
import { cpuEngine } from './session.ts';

test('adamStep() follows Algorithm 1 of Kingma & Ba, with weight decay in the gradient', async () => {
  const w = input('w', [1, 2]);
  // Loss Σ w² + 3w, so the gradient is 2w + 3 plus decay · w.
  const loss = total(add(multiply(w, w), multiply(scalar(3), w)));
  const decay = 0.1;
  const learningRate = 0.05;
  const updates = adamStep({ loss, parameters: [w], learningRate, weightDecay: () => decay });
  const state = [w, input(firstMoment('w'), w.shape), input(secondMoment('w'), w.shape)];
  const session = await cpuEngine().createSession({
    state,
    entries: { step: { outputs: { loss }, updates } },
  });
  await session.write({ w: Float32Array.of(1, -2) });

  const expected = { w: [1, -2], m: [0, 0], v: [0, 0] };
  for (let t = 1; t <= 5; t++) {
    await session.run('step', [adamCorrections(t)]);
    const results = await session.read(['w', firstMoment('w'), secondMoment('w')]);
    for (const i of [0, 1]) {
      const gradient = (2 + decay) * expected.w[i] + 3;
      expected.m[i] = 0.9 * expected.m[i] + 0.1 * gradient;
      expected.v[i] = 0.999 * expected.v[i] + 0.001 * gradient ** 2;
      const corrected = expected.m[i] / (1 - 0.9 ** t);
      expected.w[i] -=
        (learningRate * corrected) / (Math.sqrt(expected.v[i] / (1 - 0.999 ** t)) + 1e-8);
      expect(results.w[i]).toBeCloseTo(expected.w[i], 5);
      expect(results[firstMoment('w')][i]).toBeCloseTo(expected.m[i], 5);
      expect(results[secondMoment('w')][i]).toBeCloseTo(expected.v[i], 5);
    }
  }
  await session.release();
});
