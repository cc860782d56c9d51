// Accuracy and cross-entropy of logits on a set of nodes.

/** argmax of row `i`; the lowest index wins a tie, as in the cascade. */
export function argmaxRow(matrix: Float32Array, columns: number, i: number): number {
  let best = 0;
  for (let c = 1; c < columns; c++) {
    if (matrix[i * columns + c] > matrix[i * columns + best]) best = c;
  }
  return best;
}

/** Share of `nodes` whose largest logit is their label, 0..1; 0 without nodes. */
export function accuracyOf(
  logits: Float32Array,
  classes: number,
  labels: Int32Array,
  nodes: Int32Array,
): number {
  let correct = 0;
  for (const node of nodes) {
    if (argmaxRow(logits, classes, node) === labels[node]) correct++;
  }
  return nodes.length === 0 ? 0 : correct / nodes.length;
}

/** Mean −log softmax(logits)[label] over `nodes`. */
export function crossEntropyOf(
  logits: Float32Array,
  classes: number,
  labels: Int32Array,
  nodes: Int32Array,
): number {
  let sum = 0;
  for (const node of nodes) {
    const row = logits.subarray(node * classes, (node + 1) * classes);
    const largest = row.reduce((a, b) => Math.max(a, b));
    const partition = row.reduce((total, value) => total + Math.exp(value - largest), 0);
    sum += Math.log(partition) + largest - row[labels[node]];
  }
  return nodes.length === 0 ? 0 : sum / nodes.length;
}

/** Share of `predictions` that equal the nodes' labels; predictions are in the order of `nodes`. */
export function shareCorrect(
  predictions: ArrayLike<number>,
  labels: Int32Array,
  nodes: Int32Array,
): number {
  let correct = 0;
  for (let i = 0; i < nodes.length; i++) if (predictions[i] === labels[nodes[i]]) correct++;
  return nodes.length === 0 ? 0 : correct / nodes.length;
}
