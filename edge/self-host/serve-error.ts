// What keeps an edge from starting, or ends it: what happened, and what to do about it.

/** Add codes freely; never rename one. */
export type ServeCode =
  | 'address-in-use'
  | 'address-unusable'
  | 'build-failed'
  | 'config-unusable'
  | 'cron-invalid'
  | 'folder-in-use'
  | 'folder-unusable'
  | 'key-unusable'
  | 'migration-failed'
  | 'workerd-failed';

/** The command line or the configuration is wrong, so trying again changes nothing. */
const USAGE_CODES: readonly ServeCode[] = ['config-unusable', 'cron-invalid', 'key-unusable'];

export class ServeError extends Error {
  override readonly name = 'ServeError';
  readonly code: ServeCode;
  /** How to put it right, as an instruction. */
  readonly fix: string;

  constructor(code: ServeCode, message: string, fix: string, cause?: unknown) {
    super(message, cause === undefined ? {} : { cause });
    this.code = code;
    this.fix = fix;
  }
}

export function isUsage({ code }: ServeError): boolean {
  return USAGE_CODES.includes(code);
}
