// What went wrong with the file, told apart by SQLite's result codes (https://sqlite.org/rescode.html).
import type { WriteFailure } from './message.ts';

const CORRUPT = 11;
const FULL = 13;
const NOT_A_DATABASE = 26;

/** A page could not be read: the medium is failing, or the file was cut short. */
const UNREADABLE = new Set([266, 522, 8202, 8458]);

/** A change was not made; what was accepted before stays, and the same call may succeed later. */
export class OutboxError extends Error {
  override readonly name = 'OutboxError';
  readonly reason: WriteFailure;

  constructor(reason: WriteFailure, message: string, cause?: unknown) {
    super(message, { cause });
    this.reason = reason;
  }
}

function resultCode(error: unknown): number | undefined {
  const { errcode } = error as { errcode?: unknown };
  return typeof errcode === 'number' ? errcode : undefined;
}

/** True for what only mending the file helps against. */
export function isDamage(error: unknown): boolean {
  if (error instanceof OutboxError) return error.reason === 'damaged';
  const code = resultCode(error);
  if (code === undefined) return false;
  return UNREADABLE.has(code) || [CORRUPT, NOT_A_DATABASE].includes(code & 0xff);
}

/** SQLite's errors as {@linkcode OutboxError}; any other is a fault of the program and stays as it is. */
export function toOutboxError(error: unknown): unknown {
  const code = resultCode(error);
  if (error instanceof OutboxError || code === undefined) return error;
  const { message } = error as Error;
  if (isDamage(error)) return new OutboxError('damaged', message, error);
  return new OutboxError((code & 0xff) === FULL ? 'disk-full' : 'unwritable', message, error);
}
