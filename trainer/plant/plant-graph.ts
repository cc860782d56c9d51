// History of the plant as a graph to learn from: a node is one machine in one
// window, its row built by the very assembler that the gateway runs.
import { type FeatureRow, rowWidth } from '@dandan/shared/features';
import { HISTORY_START, type Plant, plantRows } from '@dandan/shared/plant';
import { buildAdjacency } from '../graph/build-adjacency.ts';
import type { GraphData, NodePlaces, Split } from '../graph/graph-data.ts';
import { hashGraph } from '../graph/hash-graph.ts';
import { randomSplit } from '../graph/split.ts';
import { createRowFinder } from './row-finder.ts';

const DAY_MS = 24 * 3_600_000;

/** A window is tied to the four (20 minutes) before and after it: faults last longer, noise does not. */
const TEMPORAL_REACH = 4;

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

/** Same machine in neighbouring windows, and neighbouring machines in the same window. */
function plantEdges(plant: Plant, rows: readonly FeatureRow[]): [Int32Array, Int32Array] {
  const find = createRowFinder(plant.spec, rows);
  const downstream = new Map<string, string[]>(plant.assets.map((asset) => [asset, []]));
  for (const [up, down] of plant.topology) {
    downstream.get(plant.assets[up])!.push(plant.assets[down]);
  }
  const sources: number[] = [];
  const targets: number[] = [];
  rows.forEach(({ asset, time }, node) => {
    const neighbours = downstream.get(asset)!.map((name) => find.at(name, time));
    for (let step = 1; step <= TEMPORAL_REACH; step++) {
      neighbours.push(find.after(asset, time, step));
    }
    for (const neighbour of neighbours) {
      if (neighbour === undefined) continue;
      sources.push(node);
      targets.push(neighbour);
    }
  });
  return [Int32Array.from(sources), Int32Array.from(targets)];
}

function placesOf({ assets }: Plant, rows: readonly FeatureRow[]): NodePlaces {
  const position = new Map(assets.map((asset, index) => [asset, index]));
  return {
    assets,
    kinds: assets.map(() => 'machine'),
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
  const [sources, targets] = plantEdges(plant, rows);
  const { adjacency } = buildAdjacency({ nodeCount: rows.length, sources, targets });
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
  const places = placesOf(plant, rows);
  return { graph: { name: 'plant', ...content, publicSplit: split, places, sha256 }, split };
}
