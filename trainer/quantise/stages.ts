// Distilled students to the int8 stages of a bundle.
import type { Stage } from '@dandan/shared/bundle';
import { type InputQuantisation, MAX_CODE } from '@dandan/shared/kernel';
import type { DistilledStage } from '../distill/distill-cascade.ts';
import type { Structure } from '../student/student.ts';
import { equaliseStages } from './equalise.ts';
import { inputScale } from './input.ts';
import { type InputSegment, quantiseLayer } from './layer.ts';

export interface QuantiseStagesOptions {
  readonly input: InputQuantisation;
  /** Factor of the input that the students trained with. @default {1} */
  readonly studentScale?: number;
  readonly structure: Structure;
  readonly stages: readonly DistilledStage[];
  /** Nodes whose activations set the ranges: those the students trained on. */
  readonly visible: Int32Array;
  /** T_k per stage. */
  readonly temperatures: readonly number[];
}

/** After equalisation every unit's largest activation is 1 and maps to the largest code. */
export const ACTIVATION_SCALE = 1 / MAX_CODE;

/** The columns of hidden codes that `weight` [width, outputs] reads, if there are any. */
function hiddenSegment(weight: Float32Array | undefined, outputs: number): InputSegment[] {
  if (weight === undefined) return [];
  return [{ weight, width: weight.length / outputs, scale: ACTIVATION_SCALE, zeroPoint: 0 }];
}

/**
 * Quantises students: weights int8 per output channel,
 * activations 7 bits with static scales (method: Dandan's quantisation).
 */
export function quantiseStages(options: QuantiseStagesOptions): Stage[] {
  const { input, studentScale = 1, structure, visible, temperatures } = options;
  const fromInput = {
    scale: studentScale * inputScale(input),
    zeroPoint: input.zeroPoint,
    width: input.width,
  };
  const stages = equaliseStages(options.stages, structure, visible);
  return stages.map(({ weights, innerRanges }, index) => {
    const classes = weights['head.b'].length;
    const hidden = Array.from({ length: innerRanges.length + 1 }, (_, l) => {
      const bias = weights[`hidden${l}.b`];
      const segments =
        l === 0
          ? [
              { ...fromInput, weight: weights['hidden0.x'] },
              ...hiddenSegment(weights['hidden0.h'], bias.length),
            ]
          : hiddenSegment(weights[`hidden${l}.w`], bias.length);
      return quantiseLayer({ segments, bias, activationScale: ACTIVATION_SCALE });
    });
    const head = quantiseLayer({
      segments: [
        ...hiddenSegment(weights['head.h'], classes),
        ...hiddenSegment(weights['head.u'], classes),
      ],
      bias: weights['head.b'],
      activationScale: undefined,
    });
    const inverseTemperature = Math.fround(1 / temperatures[index]);
    return { hidden, head, inverseTemperature };
  });
}
