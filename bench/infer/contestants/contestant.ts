// One side of a comparison.

export interface Contestant {
  readonly name: string;
  /** Answers all rows once; a promise where the runtime's interface gives one. */
  run(): unknown;
  /** Class per row, to see that all sides compute the same. */
  classes(): Promise<ArrayLike<number>>;
  close?(): Promise<void>;
}

/** Index of the largest of each row, [rows, classes]. */
export function argmaxRows(logits: ArrayLike<number>, classes: number): Int32Array {
  const answers = new Int32Array(logits.length / classes);
  for (let i = 0; i < answers.length; i++) {
    for (let c = 1; c < classes; c++) {
      if (logits[i * classes + c] > logits[i * classes + answers[i]]) answers[i] = c;
    }
  }
  return answers;
}
