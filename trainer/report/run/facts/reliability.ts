// Whether a model is right as often as it says (Guo et al. 2017, §2): bins of confidence and the
// expected calibration error.

export interface ReliabilityBin {
  /** Confidences of the bin: above `from`, up to `to`; the first one holds 0 too. */
  readonly from: number;
  readonly to: number;
  readonly count: number;
  /** Means over the bin, 0..1; 0 where it is empty. */
  readonly confidence: number;
  readonly accuracy: number;
}

export interface Reliability {
  readonly bins: readonly ReliabilityBin[];
  /** Mean over the nodes of |accuracy − confidence| of their bin, 0..1; 0 without nodes. */
  readonly ece: number;
}

/** As in the paper's diagrams of few nodes; its 15 bins leave some nearly empty below 1,000. */
const BINS = 10;

/** @param confidence 0..1, of each answer. */
export function reliabilityOf(
  truth: ArrayLike<number>,
  answers: ArrayLike<number>,
  confidence: ArrayLike<number>,
): Reliability {
  const counts = new Float64Array(BINS);
  const right = new Float64Array(BINS);
  const sums = new Float64Array(BINS);
  for (let i = 0; i < truth.length; i++) {
    const bin = Math.max(0, Math.min(BINS - 1, Math.ceil(confidence[i] * BINS) - 1));
    counts[bin]++;
    right[bin] += Number(answers[i] === truth[i]);
    sums[bin] += confidence[i];
  }
  const bins = Array.from(counts, (count, bin): ReliabilityBin => {
    const all = Math.max(1, count);
    return {
      from: bin / BINS,
      to: (bin + 1) / BINS,
      count,
      confidence: sums[bin] / all,
      accuracy: right[bin] / all,
    };
  });
  const gaps = bins.map(
    ({ count, accuracy, confidence: said }) => count * Math.abs(accuracy - said),
  );
  const ece = gaps.reduce((sum, gap) => sum + gap, 0) / Math.max(1, truth.length);
  return { bins, ece };
}
