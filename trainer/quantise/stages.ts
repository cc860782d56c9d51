// Distilled students to the int8 stages of a bundle.
import type { Stage } from '@dandan/shared/bundle';
import { type InputQuantisation, MAX_CODE } from '@dandan/shared/kernel';
import type { DistilledStage } from '../distill/distill-cascade.ts';
import type { Structure } from '../student/student.ts';
import { inputScale } from './input.ts';
import { type InputSegment, quantiseLayer } from './layer.ts';

export interface QuantiseStagesOptions {
  readonly input: InputQuantisation;
  readonly structure: Structure;
  readonly stages: readonly DistilledStage[];
  /** Nodes whose activations set the scales: those the students trained on. */
  readonly visible: Int32Array;
  /** T_k per stage. */
  readonly temperatures: readonly number[];
}

export interface QuantisedStage extends Stage {
  /** Scale of the stage's 7-bit hidden codes. */
  readonly activationScale: number;
}

/** Activations below this are no signal, and dividing by them would leave float32. */
const SMALLEST_ACTIVATION = 2 ** -20;

/** Largest activation over `nodes`, mapped to the largest code. */
function activationScaleOf(units: Float32Array, width: number, nodes: Int32Array): number {
  let largest = 0;
  for (const node of nodes) {
    for (let u = 0; u < width; u++) largest = Math.max(largest, units[node * width + u]);
  }
  // All units dead: any scale serves a layer that writes zeros.
  return largest > SMALLEST_ACTIVATION ? largest / MAX_CODE : 1;
}

/** Columns of the hidden vector of the stages before, with the scale of each run of columns. */
type HiddenRuns = readonly { readonly width: number; readonly scale: number }[];

/** Splits the rows of a weight matrix over the runs of hidden columns. */
function hiddenSegments(weight: Float32Array, runs: HiddenRuns, outputs: number): InputSegment[] {
  let row = 0;
  return runs.map(({ width, scale }) => {
    const begin = row * outputs;
    row += width;
    return { weight: weight.subarray(begin, row * outputs), width, scale, zeroPoint: 0 };
  });
}

/**
 * Quantises students of one hidden layer each: weights int8 per output channel,
 * activations 7 bits with static scales (method: Dandan's quantisation).
 */
export function quantiseStages(options: QuantiseStagesOptions): QuantisedStage[] {
  const { input, structure, stages, visible, temperatures } = options;
  let runs: HiddenRuns = [];
  return stages.map(({ weights, units }, index) => {
    const width = weights['hidden0.b'].length;
    const classes = weights['head.b'].length;
    const activationScale = activationScaleOf(units, width, visible);
    const hidden = quantiseLayer({
      segments: [
        {
          weight: weights['hidden0.x'],
          width: input.width,
          scale: inputScale(input),
          zeroPoint: input.zeroPoint,
        },
        ...(index > 0 ? hiddenSegments(weights['hidden0.h'], runs, width) : []),
      ],
      bias: weights['hidden0.b'],
      activationScale,
    });
    const own = { width, scale: activationScale };
    const kept = structure === 'incremental' ? runs : [];
    const head = quantiseLayer({
      segments: [
        ...(kept.length > 0 ? hiddenSegments(weights['head.h'], kept, classes) : []),
        { weight: weights['head.u'], width, scale: activationScale, zeroPoint: 0 },
      ],
      bias: weights['head.b'],
      activationScale: undefined,
    });
    runs = [...kept, own];
    const inverseTemperature = Math.fround(1 / temperatures[index]);
    return { hidden: [hidden], head, inverseTemperature, activationScale };
  });
}
