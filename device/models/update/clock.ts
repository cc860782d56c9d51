// What time it is, for the question whether a pointer has expired, on a machine whose own clock may
// stand at 1970 or years ahead.
import { InputError } from '@dandan/shared/error';
import { MAX_CLOCK_SKEW_MS } from '@dandan/shared/release';

/** No gateway ran this program before: a clock below it has lost its battery. */
export const PROGRAM_TIME = Date.parse('2026-11-01T00:00:00Z');

/** A clock that is wrong by more than this is not slow, it is wrong. */
const MAX_AHEAD_MS = 86_400_000;

export interface ClockEvidence {
  /** The gateway's own clock, milliseconds since the epoch. */
  readonly local: number;
  /** What the edge said the time was, with its last answer. */
  readonly edge?: number | undefined;
  /** When the newest pointer that was taken up had been issued: signed, so nobody sets it ahead. */
  readonly floor: number;
}

/**
 * The time to judge a pointer by: never earlier than what the edge and the last signature vouch for.
 * The edge alone can thereby hold an update up, but not have one accepted after its time.
 *
 * @throws {InputError} `clock-implausible`: the own clock is behind what is known and no edge has
 * told the time, or it is more than a day ahead of the edge.
 */
export function plausibleNow({ local, edge, floor }: ClockEvidence): number {
  const known = Math.max(PROGRAM_TIME, floor, edge ?? 0);
  const refuse = (problem: string, allowed: string) =>
    new InputError('clock-implausible', `This gateway's clock ${problem}`, {
      field: 'clock',
      value: new Date(local).toISOString(),
      allowed,
    });
  if (edge !== undefined && local > known + MAX_AHEAD_MS) {
    throw refuse('is days ahead', `about ${new Date(known).toISOString()}; set it`);
  }
  if (local >= known - MAX_CLOCK_SKEW_MS) return Math.max(local, known);
  if (edge !== undefined) return known;
  throw refuse('is behind', `after ${new Date(known).toISOString()}, or an answer of the edge`);
}
