// Times that no sensor can mean.
import { InputError } from '@dandan/shared/error';
import type { Sample } from '@dandan/shared/features';

/**
 * A time further ahead than this is a wrong unit or a broken clock (time zones differ by
 * 14 hours at most); taken, it would hold back the asset's rows until that time.
 */
export const MAX_FUTURE_MS = 24 * 60 * 60 * 1000;

/** A gateway without a battery wakes up in 1970; its clock then says nothing about samples. */
export const EARLIEST_PLAUSIBLE_CLOCK_MS = Date.UTC(2026, 0, 1);

/** Why the sample cannot be of its time; `undefined` for one that can. */
export function implausibleTime({ time }: Sample, receivedAt: number): InputError | undefined {
  if (time <= receivedAt + MAX_FUTURE_MS || receivedAt < EARLIEST_PLAUSIBLE_CLOCK_MS) {
    return undefined;
  }
  return new InputError('payload-invalid', 'The time lies in the future', {
    field: 't',
    value: time,
    allowed: `milliseconds since 1970, at most a day ahead of this machine's ${receivedAt}`,
  });
}
