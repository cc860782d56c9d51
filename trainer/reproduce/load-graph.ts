// The graph and the split of a cell: the published protocol tests on all nodes that are
// in no other set, so none is kept back for calibration but where thresholds are proved.
import { createHash } from 'node:crypto';
import { loadData, PLANT } from '../data/load-data.ts';
import type { GraphData, Split } from '../graph/graph-data.ts';
import { randomSplit } from '../graph/split.ts';
import type { TrainOptions } from '../run/train-options.ts';
import type { CellSplit } from './cell.ts';
import type { Described } from './messages.ts';

/** Whether each seed has a graph of its own: the embedded plant is simulated. */
export const isSimulated = (path: string): boolean => path === PLANT;

/** Loads a graph whatever its split. @param seed of what is simulated. */
export async function loadGraph(path: string, seed = 1): Promise<GraphData> {
  return (await loadData({ data: path, seed })).graph;
}

type SplitOptions = Pick<TrainOptions, 'seed' | 'labelsPerClass' | 'validationPerClass'>;

/** Random 20/30 by seed with the rest as test nodes, or the split the data came with. */
export async function splitOf(
  graph: GraphData,
  { path, split, options }: { path: string; split: CellSplit; options: SplitOptions },
): Promise<Split> {
  const { seed, labelsPerClass, validationPerClass } = options;
  if (split === 'public') return (await loadData({ data: path, seed, split })).split;
  return randomSplit({
    labels: graph.labels,
    classes: graph.classes.length,
    seed,
    ...(labelsPerClass !== undefined && { perClassTrain: labelsPerClass }),
    ...(validationPerClass !== undefined && { perClassValidation: validationPerClass }),
    ...(split !== 'calibrated' && { calibrationShare: 0 }),
  });
}

/** SHA-256 over the node sets of a split, hex. */
function hashSplit({ train, validation, test, unlabelled }: Split): string {
  const hash = createHash('sha256');
  for (const nodes of [train, validation, test, unlabelled]) {
    hash.update(`${nodes.length}:`);
    hash.update(nodes);
  }
  return hash.digest('hex');
}

/** What the main process has to know of a set without holding it in memory. */
export async function describeGraph(path: string): Promise<Described> {
  const graph = await loadGraph(path);
  const { publicSplit: split } = graph;
  const usable = split && split.train.length * split.validation.length * split.test.length > 0;
  return {
    kind: 'described',
    data: graph.sha256,
    publicSplitSha256: usable ? hashSplit(split) : '',
    nodes: graph.adjacency.nodeCount,
    edges: graph.adjacency.indices.length / 2,
    features: graph.features.rows.width,
    classes: graph.classes,
    ...(graph.places && { isPlant: true }),
  };
}
