// Feature lines in file order → sparse rows in node order.
import type { NodeFeatures } from '../../graph/graph-data.ts';
import { type FeatureLines, featureWidth } from './read-features.ts';

/** Rows in node order; a node without a line has only zeros. */
export function arrangeFeatures(lines: FeatureLines, count: number): NodeFeatures {
  const lengths = new Int32Array(count);
  lines.nodes.forEach((node, i) => {
    lengths[node] = lines.offsets[i + 1] - lines.offsets[i];
  });
  const offsets = new Int32Array(count + 1);
  for (let node = 0; node < count; node++) offsets[node + 1] = offsets[node] + lengths[node];
  const indices = new Int32Array(offsets[count]);
  const values = new Float32Array(offsets[count]);
  lines.nodes.forEach((node, i) => {
    const [begin, end] = [lines.offsets[i], lines.offsets[i + 1]];
    indices.set(lines.indices.subarray(begin, end), offsets[node]);
    values.set(lines.values.subarray(begin, end), offsets[node]);
  });
  return { kind: 'sparse', rows: { count, width: featureWidth(lines), offsets, indices, values } };
}
