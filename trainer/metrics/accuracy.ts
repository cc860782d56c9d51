// Accuracy and cross-entropy of logits on a set of nodes.

/** argmax of row `i`; the lowest index wins a tie, as in the cascade. */
export function argmaxRow(matrix: Float32Array, columns: number, i: number): number {
  let best = 0;
  for (let c = 1; c < columns; c++) {
    if (matrix[i * columns + c] > matrix[i * columns + best]) best = c;
  }
  return best;
}

/** What a node of each class counts in a mean, [C]; `undefined`: all the same. */
export type ClassWeights = Float32Array | undefined;

/** Mean of `value` over `nodes`, each weighted by its class; 0 without nodes. */
function meanOver(
  nodes: Int32Array,
  labels: Int32Array,
  weights: ClassWeights,
  value: (node: number, i: number) => number,
): number {
  let sum = 0;
  let total = 0;
  nodes.forEach((node, i) => {
    const weight = weights?.[labels[node]] ?? 1;
    sum += weight * value(node, i);
    total += weight;
  });
  return total === 0 ? 0 : sum / total;
}

/** Share of `nodes` whose largest logit is their label, 0..1; 0 without nodes. */
export function accuracyOf(
  logits: Float32Array,
  classes: number,
  labels: Int32Array,
  nodes: Int32Array,
  weights?: ClassWeights,
): number {
  return meanOver(nodes, labels, weights, (node) =>
    argmaxRow(logits, classes, node) === labels[node] ? 1 : 0,
  );
}

/** Mean −log softmax(logits)[label] over `nodes`. */
export function crossEntropyOf(
  logits: Float32Array,
  classes: number,
  labels: Int32Array,
  nodes: Int32Array,
  weights?: ClassWeights,
): number {
  return meanOver(nodes, labels, weights, (node) => {
    const row = logits.subarray(node * classes, (node + 1) * classes);
    const largest = row.reduce((a, b) => Math.max(a, b));
    const partition = row.reduce((total, value) => total + Math.exp(value - largest), 0);
    return Math.log(partition) + largest - row[labels[node]];
  });
}

/** Share of `predictions` that equal the nodes' labels; predictions are in the order of `nodes`. */
export function shareCorrect(
  predictions: ArrayLike<number>,
  labels: Int32Array,
  nodes: Int32Array,
  weights?: ClassWeights,
): number {
  return meanOver(nodes, labels, weights, (node, i) => (predictions[i] === labels[node] ? 1 : 0));
}
