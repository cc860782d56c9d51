// What the commands print: text for people, or one JSON object as the last line.
import { InputError } from '@dandan/shared/error';

/** Where a command writes; the process's own streams outside tests. */
export interface Streams {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
}

/** Exit codes of every command. */
export const EXIT = { ok: 0, failure: 1, usage: 2 } as const;

/** The command line or the configuration is wrong, so trying again changes nothing. */
const USAGE_CODES = ['config-invalid', 'option-invalid'];

function describe(error: unknown) {
  if (!(error instanceof InputError)) {
    return { code: 'unexpected', message: error instanceof Error ? error.message : String(error) };
  }
  const { code, message, field, value, allowed } = error;
  return { code, message, field, value, allowed };
}

/** Prints an error: what happened, where, what would be accepted. @returns the exit code. */
export function reportError(error: unknown, { out, err }: Streams, json: boolean): number {
  const { code, message, ...details } = describe(error);
  err(`dandan-gateway: ${message} [${code}]\n`);
  for (const [name, value] of Object.entries(details)) {
    if (value !== undefined) err(`  ${name}: ${String(value)}\n`);
  }
  if (json) out(`${JSON.stringify({ error: { code, message, ...details } })}\n`);
  return USAGE_CODES.includes(code) ? EXIT.usage : EXIT.failure;
}
