// Shifts of the embedded plant, each a run of its own, so that whole runs can be held back.
import { createPlant, HISTORY_START, NORMAL } from '@dandan/shared/plant';
import type { NodePlaces } from '../graph/graph-data.ts';
import type { HistoryNodes } from '../history/history-graph.ts';
import { plantGraph, plantTopology, TEMPORAL_REACH } from './plant-graph.ts';

const HOUR_MS = 3_600_000;

/** Runs enough for every set to have some, small enough to train on in seconds. */
const RUNS = 12;
const RUN_MS = 6 * HOUR_MS;
const LINES = 2;
/** What a team labels in an afternoon. */
const SPLIT = {
  validation: 0.2,
  calibration: 0.1,
  test: 0.3,
  labelsPerClass: 10,
  validationPerClass: 15,
};

function joinedFloats(lists: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(lists.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const list of lists) {
    all.set(list, at);
    at += list.length;
  }
  return all;
}

function joinedPlaces(shifts: readonly NodePlaces[]): NodePlaces {
  const { assets, kinds } = shifts[0];
  return {
    assets,
    kinds,
    runs: shifts.map((_, run) => `shift-${run + 1}`),
    asset: Int32Array.from(shifts.flatMap(({ asset }) => [...asset])),
    run: Int32Array.from(shifts.flatMap(({ asset }, run) => Array.from(asset, () => run))),
    time: Float64Array.from(shifts.flatMap(({ time }) => [...time])),
  };
}

/** @param seed of the plant and its shifts. */
export function plantShifts(seed: number): HistoryNodes {
  const plant = createPlant({ seed, lines: LINES });
  const shifts = Array.from(
    { length: RUNS },
    (_, run) =>
      plantGraph({
        plant,
        // Shifts of one plant differ by their seed; those of another seed share none.
        seed: seed * RUNS + run,
        startTime: HISTORY_START + run * 24 * HOUR_MS,
        durationMs: RUN_MS,
      }).graph,
  );
  const { width } = shifts[0].features.rows;
  const values = joinedFloats(shifts.map(({ features }) => features.rows.values));
  return {
    classes: plant.classes,
    normal: plant.classes[NORMAL],
    spec: plant.spec,
    places: joinedPlaces(shifts.map((shift) => shift.places!)),
    features: { count: values.length / width, width, values },
    labels: Int32Array.from(shifts.flatMap((shift) => [...shift.labels])),
    topology: plantTopology(plant),
    graph: { topology: true, time: TEMPORAL_REACH, similar: 0 },
    split: SPLIT,
  };
}
