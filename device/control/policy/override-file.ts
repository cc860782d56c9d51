// The word of a person at the gateway: one policy for some hours, in a file that the running gateway
// looks at. It ends by itself, so that nobody has to remember it.
import { POLICY_NAMES } from '@dandan/shared/policy';
import { printable } from '@dandan/shared/wire';
import * as z from 'zod';
import { readJsonFile, removeJsonFile, writeJsonFile } from '../../json-file/index.ts';

/** File of the override in the gateway's data folder. */
export const OVERRIDE_FILE = 'policy-override.json';

/** A week: whoever wants a policy for longer wants it in the configuration. */
export const MAX_OVERRIDE_MS = 7 * 86_400_000;

/** Clocks of a machine that has just found its time server differ by this much. */
const CLOCK_LEEWAY_MS = 300_000;

const instant = z.int().min(0).max(8.64e15);

const overrideSchema = z
  .strictObject({
    policy: z.enum(POLICY_NAMES),
    /** When it was given and when it ends, milliseconds since the epoch. */
    since: instant,
    until: instant,
    /** Why, in the words of who gave it. */
    note: printable(0, 200).optional(),
  })
  .refine(({ since, until }) => until > since && until - since <= MAX_OVERRIDE_MS, {
    path: ['until'],
    message: `after since, by at most ${MAX_OVERRIDE_MS} ms`,
  });

export type PolicyOverride = z.output<typeof overrideSchema>;

export type OverrideReading =
  | { readonly kind: 'none' }
  | { readonly kind: 'override'; readonly override: PolicyOverride }
  | { readonly kind: 'unusable'; readonly reason: string };

/** Reads the file; never throws. */
export function readOverride(file: string): OverrideReading {
  const read = readJsonFile(file);
  if (read.kind === 'absent') return { kind: 'none' };
  if (read.kind === 'unusable') return read;
  const parsed = overrideSchema.safeParse(read.value);
  if (parsed.success) return { kind: 'override', override: parsed.data };
  const [{ path, message }] = parsed.error.issues;
  return { kind: 'unusable', reason: `${path.join('.') || 'override'}: ${message}` };
}

/** Written by an administrator, read by a service: it holds no secret. */
const READABLE = 0o644;

/** @throws the system's error. */
export const writeOverride = (file: string, override: PolicyOverride): void =>
  writeJsonFile(file, overrideSchema.parse(override), READABLE);

/** @throws the system's error. */
export const removeOverride = (file: string): void => removeJsonFile(file);

/** Whether it holds at `at`: neither over, nor given by a clock that has been set back since. */
export const holds = ({ since, until }: PolicyOverride, at: number): boolean =>
  at < until && at >= since - CLOCK_LEEWAY_MS;
