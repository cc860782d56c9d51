// Feature lines in file order → rows in node order, sparse or dense.
import type { NodeFeatures } from '../../graph/graph-data.ts';
import type { IssueCollector } from '../issues.ts';
import { MAX_DENSE_VALUES } from '../limits.ts';
import { type FeatureLines, featureWidth } from './read-features.ts';

function sparseRows(lines: FeatureLines, count: number, width: number) {
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
  return { count, width, offsets, indices, values };
}

/**
 * Rows in node order; a node without a line has only zeros. They stay sparse unless
 * a value is negative: the bundle's sparse codes hold 0 and above only.
 */
export function arrangeFeatures(options: {
  readonly lines: FeatureLines;
  readonly nodeCount: number;
  readonly name: string;
  readonly issues: IssueCollector;
}): NodeFeatures {
  const { lines, nodeCount, name, issues } = options;
  const width = featureWidth(lines);
  const rows = sparseRows(lines, nodeCount, width);
  if (rows.values.every((value) => value >= 0)) return { kind: 'sparse', rows };
  const size = nodeCount * width;
  if (size > MAX_DENSE_VALUES) {
    issues.report({
      code: 'data-invalid',
      message: `${name} has negative values and is too large to be held dense`,
      field: `${name}:features`,
      value: `${nodeCount} × ${width}`,
      allowed: `non-negative values, or at most ${MAX_DENSE_VALUES} values in all`,
    });
    return { kind: 'sparse', rows };
  }
  const values = new Float32Array(size);
  for (let node = 0; node < nodeCount; node++) {
    for (let e = rows.offsets[node]; e < rows.offsets[node + 1]; e++) {
      values[node * width + rows.indices[e]] = rows.values[e];
    }
  }
  return { kind: 'dense', rows: { count: nodeCount, width, values } };
}
