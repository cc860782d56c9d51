// The plant's readings as feature rows, built by the very assembler that the gateway runs.
import { createRowAssembler, type FeatureRow } from '../features/index.ts';
import type { Plant, Simulation } from './plant.ts';

/** 2026-01-05T06:00:00Z, a Monday, start of the early shift. */
export const HISTORY_START = 1_767_592_800_000;

/** The rows of a simulation in the order a gateway would complete them. */
export function* plantRows(plant: Plant, simulation: Simulation): Generator<FeatureRow> {
  const assembler = createRowAssembler(plant.spec);
  let latest = 0;
  for (const sample of simulation.samples) {
    latest = sample.time;
    yield* assembler.push(sample);
  }
  yield* assembler.flush(latest);
}
