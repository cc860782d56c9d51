// Labelled hard cases join the training set as nodes of their own: labelled, without neighbours.
import { InputError } from '@dandan/shared/error';
import { type FloatRows, toSparse } from '@dandan/shared/kernel';
import type { LoadedData } from '../data/load-data.ts';
import type { GraphData, NodeFeatures, NodePlaces, Split } from '../graph/graph-data.ts';
import { fitInputQuantisation, quantiseFeatures } from '../quantise/input.ts';
import { findTwins } from './find-twins.ts';
import type { HardCases } from './read-hard-cases.ts';

/** What became of the cases; part of a bundle's provenance. */
export interface HardCaseCounts {
  readonly sha256: string;
  readonly given: number;
  readonly used: number;
  /** Left out: rows of nodes that are held out. */
  readonly heldOut: number;
  /** Left out: of a class that the data does not have, by its name. */
  readonly unknownClasses: Readonly<Record<string, number>>;
}

export interface WithHardCases extends LoadedData {
  /** Their nodes. */
  readonly corrections: Int32Array;
  readonly hardCases: HardCaseCounts;
}

/** No two cases lie in one window: their times are not known. */
const APART_MS = 7 * 86_400_000;

function asKind(rows: FloatRows, { kind }: NodeFeatures): NodeFeatures {
  if (kind === 'dense') return { kind, rows };
  if (rows.values.every((value) => value >= 0)) return { kind, rows: toSparse(rows) };
  throw new InputError('data-invalid', 'Rows of this data hold no negative or missing values', {
    field: '--hard-cases',
    allowed: 'values of 0 and above, as the data has',
  });
}

/** `b` after `a`, each of its values raised by `shift`. */
function joined(a: Int32Array, b: Int32Array, shift: number): Int32Array {
  const all = new Int32Array(a.length + b.length);
  all.set(a);
  all.set(
    b.map((value) => value + shift),
    a.length,
  );
  return all;
}

function joinFeatures(a: NodeFeatures, b: NodeFeatures): NodeFeatures {
  const { width } = a.rows;
  const count = a.rows.count + b.rows.count;
  const values = new Float32Array(a.rows.values.length + b.rows.values.length);
  values.set(a.rows.values);
  values.set(b.rows.values, a.rows.values.length);
  if (a.kind === 'dense' || b.kind === 'dense') {
    return { kind: 'dense', rows: { count, width, values } };
  }
  return {
    kind: 'sparse',
    rows: {
      count,
      width,
      values,
      offsets: joined(a.rows.offsets, b.rows.offsets.subarray(1), a.rows.indices.length),
      indices: joined(a.rows.indices, b.rows.indices, 0),
    },
  };
}

function joinPlaces(places: NodePlaces, more: number): NodePlaces {
  const { assets, kinds, runs, asset, run, time } = places;
  const times = new Float64Array(time.length + more);
  times.set(time);
  for (let i = 0; i < more; i++) times[time.length + i] = i * APART_MS;
  return {
    ...places,
    assets: [...assets, 'hard case'],
    kinds: [...kinds, undefined],
    runs: [...runs, 'hard cases'],
    asset: joined(asset, new Int32Array(more), assets.length),
    run: joined(run, new Int32Array(more), runs.length),
    time: times,
  };
}

function joinGraph(graph: GraphData, features: NodeFeatures, labels: Int32Array): GraphData {
  const { nodeCount, offsets, indices } = graph.adjacency;
  const more = labels.length;
  return {
    ...graph,
    features: joinFeatures(graph.features, features),
    adjacency: {
      nodeCount: nodeCount + more,
      offsets: joined(offsets, new Int32Array(more), indices.length),
      indices,
    },
    labels: joined(graph.labels, labels, 0),
    ...(graph.places && { places: joinPlaces(graph.places, more) }),
  };
}

/** Nodes whose rows training must not be told the labels of. */
const heldOutNodes = ({ validation, test, unlabelled, unseen = new Int32Array() }: Split) =>
  Int32Array.from(new Set([...validation, ...test, ...unlabelled, ...unseen]));

function rowsAt({ width, values }: FloatRows, chosen: readonly number[]): FloatRows {
  const kept = new Float32Array(chosen.length * width);
  chosen.forEach((row, i) => {
    kept.set(values.subarray(row * width, (row + 1) * width), i * width);
  });
  return { count: chosen.length, width, values: kept };
}

function notesOf({ used, heldOut, unknownClasses }: HardCaseCounts): string[] {
  const unknown = Object.entries(unknownClasses).map(([name, count]) => `${count} of '${name}'`);
  return [
    `${used} hard cases join the training labels.`,
    ...(heldOut > 0 ? [`${heldOut} hard cases are rows of held-out nodes and are left out.`] : []),
    ...(unknown.length > 0
      ? [
          `Hard cases of classes that the data does not have are left out: ${unknown.join(', ')}. A new class needs labelled nodes in the data, to be measured on.`,
        ]
      : []),
  ];
}

/**
 * The data with the cases as further training nodes; no other set changes, so that figures stay
 * comparable. `graph.sha256` stays that of the data: the cases have a hash of their own.
 *
 * @throws {InputError} `data-invalid` for rows that the data's kind cannot hold.
 */
export function addHardCases(loaded: LoadedData, cases: HardCases): WithHardCases {
  const { graph, split } = loaded;
  const unknownClasses: Record<string, number> = {};
  const known: number[] = [];
  cases.labels.forEach((label, i) => {
    if (graph.classes.includes(label)) known.push(i);
    else unknownClasses[label] = (unknownClasses[label] ?? 0) + 1;
  });
  const everyNode = Int32Array.from({ length: graph.adjacency.nodeCount }, (_, node) => node);
  const input = fitInputQuantisation(graph.features, everyNode);
  const twins = findTwins({
    cases: quantiseFeatures(asKind(rowsAt(cases.rows, known), graph.features), input),
    rows: quantiseFeatures(graph.features, input),
    nodes: heldOutNodes(split),
  });
  const used = known.filter((_, i) => !twins[i]);
  const labels = Int32Array.from(used, (i) => graph.classes.indexOf(cases.labels[i]));
  const first = graph.adjacency.nodeCount;
  const corrections = Int32Array.from(labels, (_, i) => first + i);
  const hardCases = {
    sha256: cases.sha256,
    given: cases.labels.length,
    used: used.length,
    heldOut: known.length - used.length,
    unknownClasses,
  };
  return {
    ...loaded,
    graph: joinGraph(graph, asKind(rowsAt(cases.rows, used), graph.features), labels),
    split: { ...split, train: joined(split.train, corrections, 0) },
    notes: [...loaded.notes, ...notesOf(hardCases)],
    corrections,
    hardCases,
  };
}
