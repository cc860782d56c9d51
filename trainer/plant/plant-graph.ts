// History of the plant as a graph to learn from: a node is one machine in one
// window, its row built by the very assembler that the gateway runs.
import { type FeatureRow, rowWidth } from '@dandan/shared/features';
import { HISTORY_START, type Plant, plantRows } from '@dandan/shared/plant';
import type { GraphData, NodePlaces, Split } from '../graph/graph-data.ts';
import { hashGraph } from '../graph/hash-graph.ts';
import { randomSplit } from '../graph/split.ts';
import { placeEdges } from '../history/edges/index.ts';
import type { Topology } from '../history/topology.ts';

const DAY_MS = 24 * 3_600_000;

/** A window is tied to the four (20 minutes) before and after it: faults last longer, noise does not. */
export const TEMPORAL_REACH = 4;

/** Its machines are alike. */
const KIND = 'machine';

/**
 * Labels a maintenance team can give in an afternoon. Healthy windows are cheap to
 * name and half of all windows are healthy, so they get four times as many.
 */
const TRAIN_LABELS = [40, 10, 10, 10, 10, 10];
const VALIDATION_LABELS = [60, 15, 15, 15, 15, 15];

export interface PlantGraphOptions {
  readonly plant: Plant;
  /** Fixes the days of history and the choice of labelled windows. */
  readonly seed: number;
  /** Milliseconds since the epoch. @default {HISTORY_START} */
  readonly startTime?: number;
  /** @default {one day} */
  readonly durationMs?: number;
  /** Labelled windows for training, one number or one per class. @default {40 normal, 10 of each fault} */
  readonly perClassTrain?: number | readonly number[];
  /** Labelled windows for early stopping and temperatures. @default {60 normal, 15 of each fault} */
  readonly perClassValidation?: number | readonly number[];
}

export interface PlantGraph {
  readonly graph: GraphData;
  readonly split: Split;
}

/** The drawing of the line: every machine feeds the next. */
export function plantTopology({ assets, topology }: Plant): Topology {
  return {
    assets: assets.map((name) => ({ name, kind: KIND })),
    edges: topology.map(([up, down]) => ({ from: assets[up], to: assets[down], kind: 'flow' })),
  };
}

function placesOf({ assets }: Plant, rows: readonly FeatureRow[]): NodePlaces {
  const position = new Map(assets.map((asset, index) => [asset, index]));
  return {
    assets,
    kinds: assets.map(() => KIND),
    runs: [''],
    asset: Int32Array.from(rows, ({ asset }) => position.get(asset)!),
    run: new Int32Array(rows.length),
    time: Float64Array.from(rows, ({ time }) => time),
  };
}

/**
 * Simulates a stretch of history and turns it into a graph with few labels.
 * Rows are float32 with NaN where a channel was silent for a whole window.
 *
 * @throws {InputError} `option-invalid`.
 */
export function plantGraph(options: PlantGraphOptions): PlantGraph {
  const { plant, seed, startTime = HISTORY_START, durationMs = DAY_MS } = options;
  const { perClassTrain = TRAIN_LABELS, perClassValidation = VALIDATION_LABELS } = options;
  const simulation = plant.simulate({ seed, startTime, durationMs });
  const rows = [...plantRows(plant, simulation)];
  const width = rowWidth(plant.spec);
  const values = new Float32Array(rows.length * width);
  rows.forEach((row, node) => {
    values.set(row.values, node * width);
  });
  const labels = Int32Array.from(rows, ({ asset, time }) => simulation.truth(asset, time));
  const places = placesOf(plant, rows);
  const { adjacency } = placeEdges({
    places,
    spec: plant.spec,
    graph: { topology: true, time: TEMPORAL_REACH },
    topology: plantTopology(plant),
  });
  const classes = plant.classes;
  const split = randomSplit({
    labels,
    classes: classes.length,
    seed,
    perClassTrain,
    perClassValidation,
  });
  const content = {
    classes,
    featureSpec: plant.spec,
    features: { kind: 'dense', rows: { count: rows.length, width, values } },
    adjacency,
    labels,
  } as const;
  const sha256 = hashGraph(content);
  return { graph: { name: 'plant', ...content, publicSplit: split, places, sha256 }, split };
}
