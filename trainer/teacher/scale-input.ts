// What teachers read: sparse features scaled in one of the field's ways. Dense columns,
// already standardised, stay as they are.
import type { NodeFeatures } from '../graph/graph-data.ts';
import { rowNormalise } from '../network/row-normalise.ts';

/** `row`: divided by their row sum; `binary`: the sign alone, so 1 where a word is present; `log`: ±log(1 + |x|). */
export const TEACHER_INPUTS = ['row', 'raw', 'binary', 'log'] as const;

export type TeacherInput = (typeof TEACHER_INPUTS)[number];

export function scaleInput(features: NodeFeatures, input: TeacherInput): NodeFeatures {
  if (features.kind === 'dense' || input === 'raw') return features;
  if (input === 'row') return rowNormalise(features);
  const { rows } = features;
  const scaled =
    input === 'binary' ? Math.sign : (x: number) => Math.sign(x) * Math.log1p(Math.abs(x));
  return { kind: 'sparse', rows: { ...rows, values: rows.values.map(scaled) } };
}
