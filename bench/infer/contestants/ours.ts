// Our kernels: quantised as the trainer does it, run as gateway and edge do, softmax, confidence and
// exit decision included, where peers stop at logits.
import type { Bundle, Stage, Structure } from '@dandan/shared/bundle';
import { createCascade, createResult, exitLimits, runCascade } from '@dandan/shared/cascade';
import type { Kernels } from '@dandan/shared/kernel';
import { quantiseLayer } from '../../../trainer/quantise/layer.ts';
import { HIDDEN_RANGE, INPUT_SCALE, type Network, transposed } from '../network.ts';
import type { MeasuredRows } from '../rows.ts';
import type { Contestant } from './contestant.ts';

/** int8 stage of a network. */
export function quantisedStage(network: Network): Stage {
  const { inputs, hidden, classes } = network;
  const activationScale = HIDDEN_RANGE / 127;
  return {
    hidden: [
      quantiseLayer({
        segments: [
          {
            weight: transposed(network.hiddenWeight, hidden, inputs),
            width: inputs,
            scale: INPUT_SCALE,
            zeroPoint: 0,
          },
        ],
        bias: network.hiddenBias,
        activationScale,
      }),
    ],
    head: quantiseLayer({
      segments: [
        {
          weight: transposed(network.headWeight, classes, hidden),
          width: hidden,
          scale: activationScale,
          zeroPoint: 0,
        },
      ],
      bias: network.headBias,
      activationScale: undefined,
    }),
    inverseTemperature: 1,
  };
}

/** As much of a bundle as a cascade reads. */
export function bundleOf(
  stages: readonly Stage[],
  width: number,
  classes: number,
  sparse: boolean,
  structure: Structure = 'additive',
): Bundle {
  const manifest = {
    structure,
    classes: Array.from({ length: classes }, (_, c) => `${c}`),
    stages,
  } as unknown as Bundle['manifest'];
  const input = {
    width,
    sparse,
    zeroPoint: 0,
    offset: new Float32Array(1),
    multiplier: new Float32Array(1),
  };
  return { manifest, input, stages };
}

export interface OursOptions {
  readonly bundle: Bundle;
  readonly rows: MeasuredRows;
  readonly thresholds?: readonly (number | null)[];
  readonly kernels?: Kernels;
}

export function createOurs({ bundle, rows, thresholds, kernels }: OursOptions): Contestant {
  const cascade = createCascade(bundle, kernels && { kernels });
  const result = createResult(rows.ours.count);
  const options = { thresholds: exitLimits(thresholds ?? bundle.stages.slice(1).map(() => null)) };
  const run = () => runCascade(cascade, rows.ours, options, result);
  return {
    name: 'ours',
    run,
    async classes() {
      run();
      return result.classes.slice();
    },
  };
}
