import { createRandom } from '@dandan/shared/random';
import { expect, test } from 'vitest';
import { constant, evaluateOnce } from '../../autodiff/index.ts';
import { evaluationMode } from '../../network/dropout.ts';
import { denseProduct } from '../../network/feature-product.ts';
import { glorotWeights, parameterInputs, type Weights } from '../../network/weights.ts';
import { createStudent, type HiddenMatrix } from '../../student/student.ts';
import { expectClose } from '../../testing/expect-close.ts';
import { hiddenAfter } from '../hand-on.ts';
import { frozenStages } from './frozen-stages.ts';

const COUNT = 5;
const random = createRandom(3);
const x = constant(
  Float32Array.from({ length: COUNT * 4 }, () => random.normal()),
  [COUNT, 4],
);

test('frozenStages() of no stages is nothing', () => {
  expect(frozenStages({ stages: [], networks: [], features: denseProduct(x) })).toBeUndefined();
});

test.each(['paper', 'incremental', 'additive'] as const)(
  'frozenStages() computes what the students hand on: %s',
  async (structure) => {
    const networks = [3, 2, 2].map((width) => ({
      structure,
      widths: structure === 'paper' ? [3] : [width],
      classes: 2,
      dropout: 0.5,
    }));
    const stages: Weights[] = [];
    let previous: HiddenMatrix | undefined;
    for (const network of networks) {
      const student = createStudent({ ...network, features: denseProduct(x), previous });
      const weights = glorotWeights(student.shapes, random);
      const { units, logits } = student.forward(parameterInputs(student.shapes), evaluationMode);
      const outputs = await evaluateOnce({ units, logits }, weights);
      previous = hiddenAfter(
        structure,
        COUNT,
        previous,
        outputs as { units: Float32Array; logits: Float32Array },
      );
      stages.push(weights);
    }
    const frozen = frozenStages({ stages, networks, features: denseProduct(x) });
    expect(frozen?.width).toBe(previous?.width);
    const { h } = await evaluateOnce({ h: frozen!.input }, {});
    expectClose(h, previous!.values, 1e-5);
  },
);
