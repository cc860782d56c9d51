import { expect, test } from 'vitest';
import { adamCorrections, adamStep, firstMoment, secondMoment } from './adam.ts';
import { add, input, multiply, scalar, total } from './build.ts';
import { createSession } from './session.ts';

test('adamStep() follows Algorithm 1 of Kingma & Ba, with weight decay in the gradient', async () => {
  const w = input('w', [1, 2]);
  // Loss Σ w² + 3w, so the gradient is 2w + 3 plus decay · w.
  const loss = total(add(multiply(w, w), multiply(scalar(3), w)));
  const decay = 0.1;
  const learningRate = 0.05;
  const outputs = adamStep({ loss, parameters: [w], learningRate, weightDecay: () => decay });
  const session = await createSession({ outputs });

  const expected = { w: [1, -2], m: [0, 0], v: [0, 0] };
  let state = {
    w: Float32Array.of(1, -2),
    [firstMoment('w')]: new Float32Array(2),
    [secondMoment('w')]: new Float32Array(2),
  };
  for (let t = 1; t <= 5; t++) {
    state = (await session.run({ ...state, ...adamCorrections(t) })) as typeof state;
    for (const i of [0, 1]) {
      const gradient = (2 + decay) * expected.w[i] + 3;
      expected.m[i] = 0.9 * expected.m[i] + 0.1 * gradient;
      expected.v[i] = 0.999 * expected.v[i] + 0.001 * gradient ** 2;
      const corrected = expected.m[i] / (1 - 0.9 ** t);
      expected.w[i] -=
        (learningRate * corrected) / (Math.sqrt(expected.v[i] / (1 - 0.999 ** t)) + 1e-8);
      expect(state.w[i]).toBeCloseTo(expected.w[i], 5);
    }
  }
  await session.release();
});
