// What a check of the gateway is, and how it says no.

/** A check that takes longer has failed as far as its user is concerned. */
export const CHECK_TIMEOUT_MS = 10_000;

export interface Finding {
  readonly detail: string;
  /** The gateway runs, but somebody should do this soon. */
  readonly warning?: string | undefined;
}

/** @returns what was found. @throws {CheckFailure} */
export type Check = () => Promise<Finding>;

/** Something is not ready; `fix` says what to do. */
export class CheckFailure extends Error {
  override readonly name = 'CheckFailure';
  readonly fix: string;

  constructor(message: string, fix: string) {
    super(message);
    this.fix = fix;
  }
}
