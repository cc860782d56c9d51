// What a check of the gateway is, and how it says no.
import type { GatewayConfig, Secrets } from '../config/index.ts';

/** A check that takes longer has failed as far as its user is concerned. */
export const CHECK_TIMEOUT_MS = 10_000;

/** @returns what was found. @throws {CheckFailure} */
export type Check = (config: GatewayConfig, secrets: Secrets) => Promise<string>;

/** Something is not ready; `fix` says what to do. */
export class CheckFailure extends Error {
  override readonly name = 'CheckFailure';
  readonly fix: string;

  constructor(message: string, fix: string) {
    super(message);
    this.fix = fix;
  }
}
