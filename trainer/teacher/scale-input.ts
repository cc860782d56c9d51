// What teachers read: sparse features scaled in one of the field's ways. Dense columns,
// already standardised, stay as they are.
import type { NodeFeatures } from '../graph/graph-data.ts';

/**
 * `row`: rows divided by their sum, `unit`: by their Euclidean length; `binary`: the sign alone,
 * so 1 where a word is present.
 */
export const TEACHER_INPUTS = ['row', 'unit', 'raw', 'binary'] as const;

export type TeacherInput = (typeof TEACHER_INPUTS)[number];

const sumOf = (row: Float32Array) => row.reduce((sum, x) => sum + x, 0);
const lengthOf = (row: Float32Array) => Math.sqrt(row.reduce((sum, x) => sum + x * x, 0));

export function scaleInput(features: NodeFeatures, input: TeacherInput): NodeFeatures {
  if (features.kind === 'dense' || input === 'raw') return features;
  const { rows } = features;
  if (input === 'binary') {
    return { kind: 'sparse', rows: { ...rows, values: rows.values.map(Math.sign) } };
  }
  const norm = input === 'row' ? sumOf : lengthOf;
  const values = rows.values.slice();
  for (let i = 0; i < rows.count; i++) {
    const row = values.subarray(rows.offsets[i], rows.offsets[i + 1]);
    const divisor = norm(row);
    // A row without words has none; signed values may cancel to a sum that is no scale.
    if (divisor > 0) row.set(row.map((x) => x / divisor));
  }
  return { kind: 'sparse', rows: { ...rows, values } };
}
