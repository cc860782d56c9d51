// How well a score ranks: the area under the receiver operating characteristic.

/**
 * Probability that a random positive scores above a random negative, ties counting half
 * (Mann & Whitney 1947).
 *
 * @returns 0..1; `undefined` when all are of one kind.
 */
export function auroc(
  scores: ArrayLike<number>,
  isPositive: (i: number) => boolean,
): number | undefined {
  const order = Array.from(scores, (_, i) => i).sort((a, b) => scores[a] - scores[b]);
  let positives = 0;
  let rankSum = 0;
  for (let begin = 0; begin < order.length; ) {
    let end = begin;
    while (end < order.length && scores[order[end]] === scores[order[begin]]) end++;
    // Ranks count from 1; equal scores share their mean rank.
    const rank = (begin + 1 + end) / 2;
    for (let at = begin; at < end; at++) {
      if (!isPositive(order[at])) continue;
      positives++;
      rankSum += rank;
    }
    begin = end;
  }
  const negatives = order.length - positives;
  if (positives === 0 || negatives === 0) return undefined;
  return (rankSum - (positives * (positives + 1)) / 2) / (positives * negatives);
}
