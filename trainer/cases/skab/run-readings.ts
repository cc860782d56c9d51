// The readings of a run as a table, as detectors want it.
import { InputError } from '@dandan/shared/error';
import type { Telemetry } from '../../history/telemetry.ts';

export interface RunReadings {
  /** Ends ascending, milliseconds since the epoch. */
  readonly times: Float64Array;
  /** One row per time; [channels]. */
  readonly rows: readonly Float64Array[];
}

/**
 * Of a run whose channels are all read at the same times.
 *
 * @throws {InputError} `data-invalid` where they are not.
 */
export function runReadings({ runs, channels, series }: Telemetry, run: number): RunReadings {
  const own = series.filter((each) => each.run === run);
  const times = own[0]?.times ?? new Float64Array(0);
  const rows = Array.from(times, () => new Float64Array(channels.length));
  for (const { channel, times: at, values } of own) {
    if (at.length !== times.length || at.some((time, i) => time !== times[i])) {
      throw new InputError('data-invalid', `${runs[run].name}: a channel lacks readings`, {
        field: channels[channel].name,
        value: `${at.length} readings`,
        allowed: `one at each of the ${times.length} times of ${channels[own[0].channel].name}`,
      });
    }
    values.forEach((value, i) => {
      rows[i][channel] = value;
    });
  }
  return { times, rows };
}
