// The embedded plant: lines of machines in series with faults, simulated from a
// seed. Physics and limits are described in trainer/plant/README.md.
import { InputError } from '../error/index.ts';
import type { Sample, TelemetrySpec } from '../features/index.ts';
import { createRandom } from '../random/index.ts';
import { PLANT_SPEC, SAMPLE_MS } from './channels.ts';
import { createFaultSchedule } from './fault-schedule.ts';
import { PLANT_CLASSES } from './faults.ts';
import { createLine } from './machine.ts';
import { interleave, runLine, WARM_UP_MS } from './run-line.ts';

/** A plant of 64 × 64 machines sends 700 readings a second; more is a typing error. */
const MAX_LINES = 64;
const MAX_MACHINES_PER_LINE = 64;
/** A year: 1.05 million steps. */
const MAX_DURATION_MS = 366 * 24 * 3_600_000;
export interface SimulateOptions {
  /** Fixes faults, set-points and noise of this stretch of time. */
  readonly seed: number;
  /** Milliseconds since the epoch; rounded down to a whole sample interval. */
  readonly startTime: number;
  readonly durationMs: number;
}

export interface Simulation {
  /** Readings with startTime < time ≤ startTime + durationMs, ascending in time. */
  readonly samples: Iterable<Sample>;
  /** Class of `asset` at `time`, an index into the plant's classes. @throws {InputError} */
  truth(asset: string, time: number): number;
}

export interface Plant {
  readonly seed: number;
  readonly spec: TelemetrySpec;
  readonly classes: readonly string[];
  readonly assets: readonly string[];
  /** Neighbours along the lines, as positions in `assets`: [upstream, downstream]. */
  readonly topology: readonly (readonly [number, number])[];
  /** @throws {InputError} `option-invalid`. */
  simulate(options: SimulateOptions): Simulation;
}

export interface PlantOptions {
  /** Fixes the machines: their operating points, delays and time constants. */
  readonly seed: number;
  /** @default {4} */
  readonly lines?: number;
  /** @default {6} */
  readonly machinesPerLine?: number;
  /** How rows are made of the readings. @default {PLANT_SPEC} */
  readonly spec?: TelemetrySpec;
  /** Faults that occur, by name; the classes stay those of every plant. @default {all} */
  readonly faults?: readonly string[];
}

function checkWhole(field: string, value: number, least: number, most: number): void {
  if (Number.isInteger(value) && value >= least && value <= most) return;
  throw new InputError('option-invalid', `The plant cannot have ${field} = ${value}`, {
    field,
    value,
    allowed: `a whole number, ${least}..${most}`,
  });
}

function faultsNamed(names: readonly string[]): number[] {
  const faults = PLANT_CLASSES.map((name, index) => ({ name, index })).slice(1);
  const unknown = names.filter((name) => !faults.some((fault) => fault.name === name));
  if (names.length === 0 || unknown.length > 0) {
    throw new InputError('option-invalid', 'The plant cannot have these faults', {
      field: 'faults',
      value: names.join(', '),
      allowed: `one or several of ${faults.map(({ name }) => name).join(', ')}`,
    });
  }
  return faults.filter(({ name }) => names.includes(name)).map(({ index }) => index);
}

/**
 * Builds a plant. The same seed and options give the same readings to the bit, in
 * every runtime: the simulation uses only + − × ÷ and square roots.
 *
 * @throws {InputError} `option-invalid`.
 */
export function createPlant(options: PlantOptions): Plant {
  const { seed, lines = 4, machinesPerLine = 6, spec = PLANT_SPEC } = options;
  const faults = options.faults && faultsNamed(options.faults);
  checkWhole('seed', seed, 0, 2 ** 32 - 1);
  checkWhole('lines', lines, 1, MAX_LINES);
  checkWhole('machinesPerLine', machinesPerLine, 1, MAX_MACHINES_PER_LINE);
  const plantRandom = createRandom(seed).fork('plant');
  const machinesOf = Array.from({ length: lines }, (_, line) =>
    createLine({ random: plantRandom.fork(`line-${line}`), line, machines: machinesPerLine }),
  );
  const machines = machinesOf.flat();
  const topology = machines.flatMap(({ place }, index) =>
    place === 0 ? [] : [[index - 1, index] as const],
  );

  function simulate({ seed: daySeed, startTime, durationMs }: SimulateOptions): Simulation {
    checkWhole('seed', daySeed, 0, 2 ** 32 - 1);
    checkWhole('startTime', startTime, 0, Number.MAX_SAFE_INTEGER);
    checkWhole('durationMs', durationMs, SAMPLE_MS, MAX_DURATION_MS);
    const random = plantRandom.fork(`day-${daySeed}`);
    const start = Math.floor(startTime / SAMPLE_MS) * SAMPLE_MS;
    const end = start + durationMs;
    const schedules = new Map(
      machines.map(({ asset }) => [
        asset,
        createFaultSchedule({
          random: random.fork(`faults/${asset}`),
          from: start - WARM_UP_MS,
          until: end,
          faults,
        }),
      ]),
    );
    return {
      samples: {
        [Symbol.iterator]: () =>
          interleave(
            machinesOf.map((line, index) =>
              runLine({
                random: random.fork(`line-${index}`),
                machines: line,
                schedules: line.map(({ asset }) => schedules.get(asset)!),
                start,
                end,
              }),
            ),
          ),
      },
      truth(asset, time) {
        const schedule = schedules.get(asset);
        if (schedule !== undefined) return schedule.truth(time);
        throw new InputError('option-invalid', `The plant has no machine '${asset}'`, {
          field: 'asset',
          value: asset,
          allowed: `${machines[0].asset} .. ${machines[machines.length - 1].asset}`,
        });
      },
    };
  }

  return {
    seed,
    spec,
    classes: PLANT_CLASSES,
    assets: machines.map(({ asset }) => asset),
    topology,
    simulate,
  };
}
