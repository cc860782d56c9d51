// Where a method is right and where it differs from its teacher: by class, by degree
// and by local homophily, as counts that add up over seeds.
import type { Adjacency, GraphData } from '../graph/graph-data.ts';

/** Upper ends of the degree bins, doubling: most graphs have few hubs. The last is open. */
export const DEGREE_BINS = [1, 2, 4, 8, 16, 32, 64] as const;
/** Bins of local homophily, each a fifth of 0..1. */
export const HOMOPHILY_BINS = 5;

/** Counts of test nodes. */
export interface BinCounts {
  readonly nodes: number;
  readonly correct: number;
  readonly teacherCorrect: number;
  /** The method's class is the teacher's. */
  readonly agree: number;
}

export interface Breakdown {
  /** [true class][answered class], test nodes. */
  readonly confusion: readonly (readonly number[])[];
  /** One more than `DEGREE_BINS`. */
  readonly byDegree: readonly BinCounts[];
  /** Nodes with labelled neighbours only. */
  readonly byHomophily: readonly BinCounts[];
}

export interface BreakdownOptions {
  readonly graph: GraphData;
  /** Classes of all nodes, int32 [N]. */
  readonly predictions: Int32Array;
  readonly teacherPredictions: Int32Array;
  readonly test: Int32Array;
}

const degreeBin = (degree: number) => {
  const bin = DEGREE_BINS.findIndex((end) => degree <= end);
  return bin < 0 ? DEGREE_BINS.length : bin;
};

/** Share of labelled neighbours with the node's own class, 0..1; `undefined` without any. */
export function localHomophily(
  { offsets, indices }: Adjacency,
  labels: Int32Array,
  node: number,
): number | undefined {
  const neighbours = indices.subarray(offsets[node], offsets[node + 1]);
  const labelled = neighbours.filter((neighbour) => labels[neighbour] >= 0);
  if (labelled.length === 0) return undefined;
  return (
    labelled.filter((neighbour) => labels[neighbour] === labels[node]).length / labelled.length
  );
}

const empty = (length: number) =>
  Array.from({ length }, () => ({ nodes: 0, correct: 0, teacherCorrect: 0, agree: 0 }));

/** Counts on the test nodes. Labels of all nodes are read, for the homophily only. */
export function breakDown(options: BreakdownOptions): Breakdown {
  const { graph, predictions, teacherPredictions, test } = options;
  const { adjacency, labels, classes } = graph;
  const confusion = classes.map(() => classes.map(() => 0));
  const byDegree = empty(DEGREE_BINS.length + 1);
  const byHomophily = empty(HOMOPHILY_BINS);
  for (const node of test) {
    const [label, answer, teachers] = [labels[node], predictions[node], teacherPredictions[node]];
    confusion[label][answer]++;
    const count = (bin: (typeof byDegree)[number]) => {
      bin.nodes++;
      bin.correct += Number(answer === label);
      bin.teacherCorrect += Number(teachers === label);
      bin.agree += Number(answer === teachers);
    };
    count(byDegree[degreeBin(adjacency.offsets[node + 1] - adjacency.offsets[node])]);
    const homophily = localHomophily(adjacency, labels, node);
    if (homophily !== undefined) {
      count(byHomophily[Math.min(HOMOPHILY_BINS - 1, Math.floor(homophily * HOMOPHILY_BINS))]);
    }
  }
  return { confusion, byDegree, byHomophily };
}

const addBins = (a: readonly BinCounts[], b: readonly BinCounts[]): BinCounts[] =>
  a.map((bin, i) => ({
    nodes: bin.nodes + b[i].nodes,
    correct: bin.correct + b[i].correct,
    teacherCorrect: bin.teacherCorrect + b[i].teacherCorrect,
    agree: bin.agree + b[i].agree,
  }));

/** Sum over seeds of one set; `undefined` for none. */
export function sumBreakdowns(parts: readonly Breakdown[]): Breakdown | undefined {
  const [first, ...rest] = parts;
  if (first === undefined) return undefined;
  return rest.reduce(
    (sum, part) => ({
      confusion: sum.confusion.map((row, i) => row.map((n, j) => n + part.confusion[i][j])),
      byDegree: addBins(sum.byDegree, part.byDegree),
      byHomophily: addBins(sum.byHomophily, part.byHomophily),
    }),
    first,
  );
}
