// A program that was started did not do its part.

/** A started program failed, ended early or never came up. */
export class ProcessFailure extends Error {
  override readonly name = 'ProcessFailure';
  /** Stable code, beside those of `InputError`. */
  readonly code = 'process-failed';
  /** The program's last output, for people. */
  readonly output: string;

  constructor(message: string, output: string) {
    super(message);
    this.output = output;
  }
}
