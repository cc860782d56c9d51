// Telemetry made up for tests: a reading every so often, each from a function of its time.
import type { LabelInterval } from '../label-interval.ts';
import type { Run, Telemetry } from '../telemetry.ts';

export interface MadeChannel {
  readonly name: string;
  readonly unit?: string;
  /** Milliseconds between two readings. */
  readonly everyMs: number;
  /** @default {all} */
  readonly assets?: readonly string[];
  /** Value of reading `index`; `undefined` for none. */
  valueAt(index: number, asset: string): number | undefined;
}

export interface MadeTelemetryOptions {
  readonly assets: readonly string[];
  readonly channels: readonly MadeChannel[];
  /** @default {one without a name} */
  readonly runs?: readonly Run[];
  /** @default {2026-04-01T00:00:00Z} */
  readonly start?: number;
  /** Of a run. @default {an hour} */
  readonly lengthMs?: number;
  readonly intervals?: readonly LabelInterval[];
}

export const MADE_START = Date.parse('2026-04-01T00:00:00Z');

const HOUR_MS = 3_600_000;

/** Runs follow each other with an hour between them. */
export function madeTelemetry(options: MadeTelemetryOptions): Telemetry {
  const { assets, channels, runs = [{ name: '' }], start = MADE_START } = options;
  const { lengthMs = HOUR_MS, intervals = [] } = options;
  const series = runs.flatMap((_, run) =>
    assets.flatMap((asset, position) =>
      channels.flatMap(({ everyMs, valueAt, assets: having = assets }, channel) => {
        if (!having.includes(asset)) return [];
        const begin = start + run * (lengthMs + HOUR_MS);
        const readings = Array.from(
          { length: Math.floor(lengthMs / everyMs) + 1 },
          (_, i) => [begin + i * everyMs, valueAt(i, asset)] as const,
        ).filter((reading): reading is readonly [number, number] => reading[1] !== undefined);
        if (readings.length === 0) return [];
        const times = Float64Array.from(readings, ([time]) => time);
        const values = Float64Array.from(readings, ([, value]) => value);
        return [{ run, asset: position, channel, times, values }];
      }),
    ),
  );
  return {
    assets,
    channels: channels.map(({ name, unit = '' }) => ({ name, unit })),
    runs,
    series,
    intervals,
  };
}
