// Writes a graph as .npy files for the peers: the very same nodes, edges, values and split.
import { join } from 'node:path';
import { DEFAULTS } from '../../../trainer/run/train-options.ts';
import { scaleInput } from '../../../trainer/teacher/scale-input.ts';
import { type GraphSource, openGraph } from '../graph-source.ts';
import { writeNpy } from '../write-npy.ts';
import { serve } from './worker.ts';

export interface ExportGraphTask {
  readonly source: GraphSource;
  /** An existing folder. */
  readonly folder: string;
}

/**
 * `adjacency.offsets` [N + 1], `adjacency.indices` (both directions of every edge),
 * `labels` [N], `split.train` and its like; `x` [N, d] where dense, else
 * `x.offsets`, `x.indices`, `x.values` and `x.teacher` (as our teacher reads them by default).
 */
async function exportGraph({ source, folder }: ExportGraphTask) {
  const { graph, split } = await openGraph(source);
  const { adjacency, features, labels, classes } = graph;
  const write = (name: string, data: Float32Array | Int32Array, shape?: readonly number[]) =>
    writeNpy(join(folder, `${name}.npy`), data, shape);
  await write('adjacency.offsets', adjacency.offsets);
  await write('adjacency.indices', adjacency.indices);
  await write('labels', labels);
  for (const set of ['train', 'validation', 'test'] as const) {
    await write(`split.${set}`, split[set]);
  }
  const { count, width, values } = features.rows;
  if (features.kind === 'dense') await write('x', values, [count, width]);
  else {
    await write('x.offsets', features.rows.offsets);
    await write('x.indices', features.rows.indices);
    await write('x.values', values);
    await write('x.teacher', scaleInput(features, DEFAULTS.teacherInput).rows.values);
  }
  const { nodeCount, indices } = adjacency;
  return { nodes: nodeCount, directedEdges: indices.length, width, classes: classes.length };
}

export type ExportedGraph = Awaited<ReturnType<typeof exportGraph>>;

await serve(exportGraph);
