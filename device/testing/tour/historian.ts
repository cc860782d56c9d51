// A plant of somebody else's: two presses in a historian that calls everything its own names, in °F
// and local times over the night on which clocks go forward, with cells and hours missing.
import { createPlant, type Simulation } from '@dandan/shared/plant';

export const ZONE = 'Europe/Berlin';

/** As the historian calls them, in the order of the embedded plant's machines. */
export const MACHINES = ['Presse 1', 'Presse 2'] as const;

/** Titles by channel of the embedded plant. */
export const TITLES: Readonly<Record<string, string>> = {
  vibration: 'VIB_RMS',
  temperature: 'Temp Lager [°F]',
  current: 'I_Motor',
  flow: 'Öl l/min',
  pressure: 'p_Hyd',
};

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const SEED = 23;
const FAULTS = ['bearing-wear', 'leak'];

/** Friday, 27 March 2026, 00:00 in Berlin; clocks go forward in the night to Sunday. */
const START = Date.UTC(2026, 2, 26, 23);
const DAYS = 5;

/** Nobody recorded on Saturday from 10:00 to 14:00 UTC. */
const SILENCE = { from: START + 35 * 60 * MINUTE_MS, until: START + 39 * 60 * MINUTE_MS };

/** What the machines say a week later, when a model runs. */
export const LIVE = { from: START + 7 * DAY_MS, durationMs: 6 * 60 * MINUTE_MS };

export interface Reading {
  readonly machine: string;
  /** Milliseconds since the epoch. */
  readonly time: number;
  /** By title. */
  readonly values: Readonly<Record<string, number>>;
}

export interface Incident {
  readonly machine: string;
  readonly class: string;
  readonly from: number;
  readonly to: number;
}

const toFahrenheit = (celsius: number) => celsius * 1.8 + 32;

const plant = () => createPlant({ seed: SEED, lines: 1, machinesPerLine: 2, faults: FAULTS });

function readingsOf(simulation: Simulation, assets: readonly string[]): Reading[] {
  const readings: { machine: string; time: number; values: Record<string, number> }[] = [];
  const latest = new Map<string, (typeof readings)[number]>();
  for (const { asset, channel, time, value } of simulation.samples) {
    let reading = latest.get(asset);
    if (reading?.time !== time) {
      reading = { machine: MACHINES[assets.indexOf(asset)], time, values: {} };
      latest.set(asset, reading);
      readings.push(reading);
    }
    const told = channel === 'temperature' ? toFahrenheit(value) : value;
    reading.values[TITLES[channel]] = Math.round(told * 1000) / 1000;
  }
  return readings;
}

function incidentsOf(
  simulation: Simulation,
  { assets, classes }: { readonly assets: readonly string[]; readonly classes: readonly string[] },
  { from: start, durationMs }: { readonly from: number; readonly durationMs: number },
): Incident[] {
  return assets.flatMap((asset, index) => {
    const incidents: Incident[] = [];
    let from = start;
    for (let time = start + MINUTE_MS; time <= start + durationMs; time += MINUTE_MS) {
      const state = simulation.truth(asset, from);
      if (simulation.truth(asset, time) === state && time < start + durationMs) continue;
      const known = { machine: MACHINES[index], class: classes[state] };
      incidents.push({ ...known, from, to: time - MINUTE_MS });
      from = time;
    }
    return incidents;
  });
}

/** What there is of a stretch of time: readings in the order of time, and what was the case. */
function stretch(seed: number, { from, durationMs }: { from: number; durationMs: number }) {
  const line = plant();
  const simulation = line.simulate({ seed, startTime: from, durationMs });
  return {
    readings: readingsOf(simulation, line.assets),
    incidents: incidentsOf(simulation, line, { from, durationMs }),
  };
}

export function pastDays() {
  const { readings, incidents } = stretch(1, { from: START, durationMs: DAYS * DAY_MS });
  return {
    incidents,
    readings: readings.filter(({ time }) => time < SILENCE.from || time >= SILENCE.until),
  };
}

export const liveHours = () => stretch(2, LIVE);
