// Where a method is right and where it differs from its teacher: by class, by degree
// and by local homophily, as counts that add up over seeds.
import type { Adjacency, GraphData } from '../../graph/graph-data.ts';

/** Upper ends of the degree bins, doubling: most graphs have few hubs. The last is open. */
export const DEGREE_BINS = [1, 2, 4, 8, 16, 32, 64] as const;
/** Bins of local homophily, each a fifth of 0..1. */
export const HOMOPHILY_BINS = 5;

/** Counts of test nodes, one entry per bin. */
export interface BinCounts {
  readonly nodes: readonly number[];
  readonly correct: readonly number[];
  readonly teacherCorrect: readonly number[];
  /** The method's class is the teacher's. */
  readonly agree: readonly number[];
}

export interface Breakdown {
  /** [true class][answered class], test nodes. */
  readonly confusion: readonly (readonly number[])[];
  /** One more than `DEGREE_BINS`. */
  readonly byDegree: BinCounts;
  /** Nodes with labelled neighbours only. */
  readonly byHomophily: BinCounts;
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

const COUNTS = ['nodes', 'correct', 'teacherCorrect', 'agree'] as const;

function empty(bins: number) {
  const zeros = () => Array<number>(bins).fill(0);
  return { nodes: zeros(), correct: zeros(), teacherCorrect: zeros(), agree: zeros() };
}

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
    const count = (counts: typeof byDegree, bin: number) => {
      counts.nodes[bin]++;
      counts.correct[bin] += Number(answer === label);
      counts.teacherCorrect[bin] += Number(teachers === label);
      counts.agree[bin] += Number(answer === teachers);
    };
    count(byDegree, degreeBin(adjacency.offsets[node + 1] - adjacency.offsets[node]));
    const homophily = localHomophily(adjacency, labels, node);
    if (homophily !== undefined) {
      const bin = Math.floor(homophily * HOMOPHILY_BINS);
      count(byHomophily, Math.min(HOMOPHILY_BINS - 1, bin));
    }
  }
  return { confusion, byDegree, byHomophily };
}

const addRows = (a: readonly number[], b: readonly number[]) => a.map((value, i) => value + b[i]);

function addBins(a: BinCounts, b: BinCounts): BinCounts {
  const [nodes, correct, teacherCorrect, agree] = COUNTS.map((key) => addRows(a[key], b[key]));
  return { nodes, correct, teacherCorrect, agree };
}

/** Sum over seeds of one set; `undefined` for none. */
export function sumBreakdowns(parts: readonly Breakdown[]): Breakdown | undefined {
  const [first, ...rest] = parts;
  if (first === undefined) return undefined;
  return rest.reduce(
    (sum, part) => ({
      confusion: sum.confusion.map((row, i) => addRows(row, part.confusion[i])),
      byDegree: addBins(sum.byDegree, part.byDegree),
      byHomophily: addBins(sum.byHomophily, part.byHomophily),
    }),
    first,
  );
}
