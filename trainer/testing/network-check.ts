// What holds for every graph network: gradients that match finite differences, and an engine
// that computes what the float64 reference does.
import { createRandom } from '@dandan/shared/random';
import { expect } from 'vitest';
import { constant, evaluateOnce, gradients, multiply, total } from '../autodiff/index.ts';
import { evaluate } from '../autodiff/reference.ts';
import type { DropoutMode } from '../network/dropout.ts';
import { parameterInputs } from '../network/weights.ts';
import type { GraphNetwork } from '../teacher/graph-network.ts';
import { expectClose } from './expect-close.ts';
import { finiteDifferences } from './finite-differences.ts';

/** Fails unless the network's gradients and its float32 run agree with float64 arithmetic. */
export async function checkNetwork(network: GraphNetwork): Promise<void> {
  const random = createRandom(21);
  const draws = (size: number) => Float32Array.from({ length: size }, () => random.normal());
  const fixed: DropoutMode = {
    // Masks of fixed numbers: their places in the network take part in the check.
    apply: (a, _, rate) => {
      expect(rate).toBeGreaterThan(0);
      const kept = draws(a.shape[0] * a.shape[1]).map((value) => (value < -0.5 ? 0 : 1.4));
      return multiply(a, constant(kept, a.shape));
    },
  };
  const parameters = parameterInputs(network.shapes);
  const logits = network.forward(parameters, fixed);
  const [rows, columns] = logits.shape;
  const loss = total(multiply(logits, constant(draws(rows * columns), logits.shape)));
  const inputs = Object.values(parameters);
  const single = Object.fromEntries(
    inputs.map(({ name, shape }) => [name, draws(shape[0] * shape[1])]),
  );
  const double = Object.fromEntries(
    inputs.map(({ name }) => [name, Float64Array.from(single[name])]),
  );
  const exact = gradients(loss, inputs);
  inputs.forEach((input, i) => {
    expectClose(evaluate(exact[i], double), finiteDifferences(loss, input, double), 1e-6);
  });
  const named = Object.fromEntries(exact.map((gradient, i) => [`d.${inputs[i].name}`, gradient]));
  const outputs = { logits, ...named };
  const results = await evaluateOnce(outputs, single);
  for (const [name, expression] of Object.entries(outputs)) {
    expectClose(results[name], evaluate(expression, double), 1e-4);
  }
}
