// Row normalisation of a teacher's sparse input, the field's habit for bags of words.
import type { NodeFeatures } from '../graph/graph-data.ts';

/** Divides each sparse row by its sum; dense rows, already standardised, stay as they are. */
export function rowNormalise(features: NodeFeatures): NodeFeatures {
  if (features.kind === 'dense') return features;
  const { rows } = features;
  const values = rows.values.slice();
  for (let i = 0; i < rows.count; i++) {
    const row = values.subarray(rows.offsets[i], rows.offsets[i + 1]);
    const sum = row.reduce((a, b) => a + b, 0);
    if (sum > 0)
      row.forEach((value, e) => {
        row[e] = value / sum;
      });
  }
  return { kind: 'sparse', rows: { ...rows, values } };
}
