// SHA-256 over what a graph holds, so that a bundle can say what it was trained on.
import { createHash } from 'node:crypto';
import type { GraphData } from './graph-data.ts';

/**
 * Hash of classes, feature spec, features, adjacency and labels, as hex. File
 * order, compression, names and splits do not enter: the same graph hashes alike.
 */
export function hashGraph(
  graph: Omit<GraphData, 'sha256' | 'name' | 'publicSplit' | 'places'>,
): string {
  const { classes, featureSpec, features, adjacency, labels } = graph;
  const { rows } = features;
  const arrays: (Int32Array | Float32Array)[] = [adjacency.offsets, adjacency.indices, labels];
  if ('offsets' in rows) arrays.push(rows.offsets, rows.indices);
  arrays.push(rows.values);
  const hash = createHash('sha256');
  // Lengths first: without them two different divisions into arrays could hash alike.
  hash.update(
    JSON.stringify({
      classes,
      featureSpec,
      kind: features.kind,
      bytes: arrays.map(({ byteLength }) => byteLength),
    }),
  );
  for (const array of arrays) hash.update(array);
  return hash.digest('hex');
}
