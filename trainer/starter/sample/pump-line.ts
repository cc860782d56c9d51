// The example of a new project: three pumps in a row, some days of readings, what was wrong when.
// A plant of shared/plant under names that a reader knows from a plant of their own.
import { createPlant, HISTORY_START, type Simulation } from '@dandan/shared/plant';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

export const PUMPS = ['pump-1', 'pump-2', 'pump-3'] as const;

/** Three of five: two leave an example too easy, five need a longer history. */
export const PUMP_FAULTS = ['bearing-wear', 'blockage', 'leak'] as const;

/** Fixes the pumps and their faults. */
const SEED = 7;
const HISTORY_DAY = 1;
const NEW_DAY = 2;

/** Each fault comes up about fifteen times; 1.9 MB as text. */
const HISTORY_MS = 4 * DAY_MS;

/** A week after the history begins, of which training knows nothing. */
const NEW_DAY_START = HISTORY_START + 7 * DAY_MS;
const NEW_DAY_MS = 8 * 60 * MINUTE_MS;

/** What all sensors of a pump said at a time; `undefined` where a reading is missing. */
export interface PumpReading {
  readonly asset: string;
  /** Milliseconds since the epoch. */
  readonly time: number;
  /** By channel, in the order of `PumpHistory.channels`. */
  readonly values: readonly (number | undefined)[];
}

/** A stretch of one class. */
export interface PumpState {
  readonly asset: string;
  readonly class: string;
  /** Both included, milliseconds since the epoch, whole minutes. */
  readonly from: number;
  readonly to: number;
}

export interface PumpHistory {
  readonly channels: readonly string[];
  /** In the order of time. */
  readonly readings: readonly PumpReading[];
  /** Everything that was ever the case, pump by pump in the order of time. */
  readonly states: readonly PumpState[];
}

interface Stretch {
  readonly seed: number;
  readonly startTime: number;
  readonly durationMs: number;
}

const STRETCHES = {
  history: { seed: HISTORY_DAY, startTime: HISTORY_START, durationMs: HISTORY_MS },
  /** For a gateway to be tried with. */
  new: { seed: NEW_DAY, startTime: NEW_DAY_START, durationMs: NEW_DAY_MS },
} satisfies Record<string, Stretch>;

const plant = () =>
  createPlant({ seed: SEED, lines: 1, machinesPerLine: PUMPS.length, faults: PUMP_FAULTS });

function readingsOf(
  simulation: Simulation,
  assets: readonly string[],
  channels: readonly string[],
): PumpReading[] {
  const readings: { asset: string; time: number; values: (number | undefined)[] }[] = [];
  const latest = new Map<string, (typeof readings)[number]>();
  for (const { asset, channel, time, value } of simulation.samples) {
    let reading = latest.get(asset);
    if (reading?.time !== time) {
      const values = new Array<number | undefined>(channels.length).fill(undefined);
      reading = { asset: PUMPS[assets.indexOf(asset)], time, values };
      latest.set(asset, reading);
      readings.push(reading);
    }
    reading.values[channels.indexOf(channel)] = value;
  }
  return readings;
}

function statesOf(
  simulation: Simulation,
  { assets, classes }: { readonly assets: readonly string[]; readonly classes: readonly string[] },
  { startTime, durationMs }: Stretch,
): PumpState[] {
  return assets.flatMap((asset, index) => {
    const states: PumpState[] = [];
    let from = startTime;
    let state = simulation.truth(asset, from);
    for (let time = from + MINUTE_MS; time <= startTime + durationMs; time += MINUTE_MS) {
      const next = simulation.truth(asset, time);
      if (next === state && time < startTime + durationMs) continue;
      states.push({ asset: PUMPS[index], class: classes[state], from, to: time - MINUTE_MS });
      from = time;
      state = next;
    }
    return states;
  });
}

/** Readings and truth of the history, or of a day after it. The same bits in every engine. */
export function pumpHistory(stretch: keyof typeof STRETCHES): PumpHistory {
  const line = plant();
  const simulation = line.simulate(STRETCHES[stretch]);
  const channels = line.spec.channels.map(({ name }) => name);
  return {
    channels,
    readings: readingsOf(simulation, line.assets, channels),
    states: statesOf(simulation, line, STRETCHES[stretch]),
  };
}
