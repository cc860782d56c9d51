// `--class-prior estimated`: a classifier that learnt from as many nodes of every class answers
// as if all classes were equally frequent. Its own answers on the nodes without a label tell how
// frequent they are, and Bayes' rule moves every answer there (Saerens et al. 2002, Eq. 2.4).
import { softmaxRow } from '../metrics/softmax-row.ts';
import { calibrate, calibratedRow } from './calibrate.ts';
import { estimatePrior } from './estimate-prior.ts';

export const CLASS_PRIORS = ['labelled', 'estimated'] as const;
/** Class shares that answers assume: those of the labelled nodes, or an estimate for all nodes. */
export type ClassPrior = (typeof CLASS_PRIORS)[number];

export interface AdaptPriorOptions {
  /** float32 [N, C]. */
  readonly logits: Float32Array;
  readonly classes: number;
  readonly labels: Int32Array;
  readonly validation: Int32Array;
  /** Nodes whose class shares are estimated: all that training may see. */
  readonly nodes: Int32Array;
}

export interface AdaptedPrior {
  /** Estimated class shares; [C]. */
  readonly prior: Float32Array;
  /**
   * What a validation node of a class counts: its estimated share over its share of the
   * validation nodes. The weighted accuracy of those nodes estimates that of all nodes; [C].
   */
  readonly classWeights: Float32Array;
  /** Logits [N, C] of the same classifier, calibrated, under the estimated shares. */
  adapt(logits: Float32Array): Float32Array;
}

/**
 * Nodes that the estimate reads, evenly spaced: with 50,000 a share of one half has a standard
 * error of 0.2 points, less than calibration on some hundred nodes leaves.
 */
const MAX_NODES = 50_000;

/** Shares of the classes among `nodes`; one more node of every class keeps them above 0. */
export function sharesOf(labels: Int32Array, nodes: Int32Array, classes: number): Float64Array {
  const counts = new Float64Array(classes).fill(1);
  for (const node of nodes) counts[labels[node]]++;
  return counts.map((count) => count / (nodes.length + classes));
}

export function adaptPrior(options: AdaptPriorOptions): AdaptedPrior {
  const { logits, classes, labels, validation, nodes } = options;
  const calibration = calibrate({ logits, classes, labels, nodes: validation });
  const source = sharesOf(labels, validation, classes);
  const stride = Math.max(1, Math.ceil(nodes.length / MAX_NODES));
  const read = nodes.filter((_, i) => i % stride === 0);
  const probabilities = new Float32Array(read.length * classes);
  read.forEach((node, i) => {
    const row = calibratedRow(logits.subarray(node * classes, (node + 1) * classes), calibration);
    probabilities.set(softmaxRow(row, 1), i * classes);
  });
  const prior = estimatePrior({ probabilities, source });
  const classWeights = Float32Array.from(prior, (share, c) => share / source[c]);
  const bias = calibration.bias.map((b, c) => b + Math.log(classWeights[c]));
  const shifted = { slope: calibration.slope, bias };
  return {
    prior: Float32Array.from(prior),
    classWeights,
    adapt(given) {
      const adapted = new Float32Array(given.length);
      for (let begin = 0; begin < given.length; begin += classes) {
        const end = begin + classes;
        calibratedRow(given.subarray(begin, end), shifted, adapted.subarray(begin, end));
      }
      return adapted;
    },
  };
}
