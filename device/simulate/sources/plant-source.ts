// The embedded plant as a source: no file is needed to try a gateway.
import type { Sample } from '@dandan/shared/features';
import { createPlant, HISTORY_START, PLANT_SPEC } from '@dandan/shared/plant';
import type { SampleSource } from './sample-source.ts';

/** Four hundred kilobytes of samples at a time. */
const BATCH = 5000;

export interface PlantSourceOptions {
  /** Fixes the machines, and with them which bundle reads them. @default {1} */
  readonly plantSeed?: number;
  /** Fixes the day: set-points, faults and noise. @default {2} */
  readonly daySeed?: number;
  /** @default {4} */
  readonly lines?: number;
  /** @default {6} */
  readonly machinesPerLine?: number;
  /** @default {8 hours} */
  readonly durationMs?: number;
}

/** A stretch of the embedded plant. @throws {InputError} `option-invalid`. */
export function openPlant(options: PlantSourceOptions = {}): SampleSource {
  const { plantSeed = 1, daySeed = 2, durationMs = 8 * 3_600_000 } = options;
  const { lines, machinesPerLine } = options;
  const plant = createPlant({
    seed: plantSeed,
    ...(lines === undefined ? {} : { lines }),
    ...(machinesPerLine === undefined ? {} : { machinesPerLine }),
  });
  const simulation = plant.simulate({ seed: daySeed, startTime: HISTORY_START, durationMs });
  return {
    name: `plant ${plantSeed}, day ${daySeed}`,
    units: new Map(PLANT_SPEC.channels.map(({ name, unit }) => [name, unit])),
    async *read(signal) {
      let batch: Sample[] = [];
      for (const sample of simulation.samples) {
        batch.push(sample);
        if (batch.length < BATCH) continue;
        signal.throwIfAborted();
        yield batch;
        batch = [];
      }
      yield batch;
    },
  };
}
