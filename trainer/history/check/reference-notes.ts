// Runs that are over before the beginning is that their rows would be measured against.
import type { TelemetrySpec } from '@dandan/shared/features';
import type { Notes } from '../notes.ts';
import type { Series, Telemetry } from '../telemetry.ts';
import { countText } from './figures.ts';
import type { WindowFacts } from './window-facts.ts';

export interface ReferenceNotesOptions {
  readonly telemetry: Telemetry;
  readonly spec: TelemetrySpec;
  readonly windows: WindowFacts;
  readonly notes: Notes;
}

/** Says of each machine of each run without a window which channel has too few readings for one. */
export function noteReference({ telemetry, spec, windows, notes }: ReferenceNotesOptions): void {
  const { reference, channels } = spec;
  if (reference === undefined) return;
  const { assets, runs } = telemetry;
  const keyOf = (run: number, asset: number) => run * assets.length + asset;
  const { run, asset } = windows.places;
  const withRows = new Set(Array.from(run, (own, i) => keyOf(own, asset[i])));
  const nameOf = (series: Series) => telemetry.channels[series.channel].name;
  const read = telemetry.series.filter(
    (series) =>
      series.times.length > 0 &&
      channels.some(({ name }) => name === nameOf(series)) &&
      !withRows.has(keyOf(series.run, series.asset)),
  );
  for (const own of Map.groupBy(read, (series) => keyOf(series.run, series.asset)).values()) {
    const least = own.reduce((a, b) => (b.times.length < a.times.length ? b : a));
    if (least.times.length >= reference.samples) continue;
    const where = [runs[least.run].name, assets[least.asset]].filter((name) => name !== '');
    notes.add(
      'reference',
      `${where.join(', ')}: no window, for ${nameOf(least)} has ${countText(least.times.length)} readings, fewer than the ${countText(reference.samples)} of features.reference.`,
    );
  }
}
