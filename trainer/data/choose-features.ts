// Sparse or dense: decided by what the rows hold, not by the file they came from.
import { MAX_CODE } from '@dandan/shared/kernel';
import type { NodeFeatures } from '../graph/graph-data.ts';
import type { IssueCollector } from './issues.ts';
import { MAX_DENSE_VALUES } from './limits.ts';

/**
 * Sparse rows keep whole numbers up to 127 exactly, so counts and bags of words stay
 * sparse until they cost a third more memory than dense rows (8 bytes an entry against 4).
 */
const MAX_WHOLE_DENSITY = 2 / 3;

/**
 * Other sparse values share one scale of 127 codes, dense columns have one each. Up to
 * a quarter filled (tf-idf, one-hot) the cost of the zeros weighs more.
 */
const MAX_DENSITY = 1 / 4;

function holdsSparse({ rows }: NodeFeatures): { fits: boolean; wanted: boolean } {
  let entries = 0;
  let whole = true;
  for (const value of rows.values) {
    // Not `value < 0`: a missing value (NaN) has no sparse code either.
    if (!(value >= 0)) return { fits: false, wanted: false };
    if (value === 0) continue;
    entries++;
    whole &&= value <= MAX_CODE && Number.isInteger(value);
  }
  const density = entries / (rows.count * rows.width);
  return { fits: true, wanted: density <= (whole ? MAX_WHOLE_DENSITY : MAX_DENSITY) };
}

type Of<Kind extends NodeFeatures['kind']> = Extract<NodeFeatures, { kind: Kind }>;

function toDense({ rows }: Of<'sparse'>): NodeFeatures {
  const { count, width } = rows;
  const values = new Float32Array(count * width);
  for (let node = 0; node < count; node++) {
    for (let e = rows.offsets[node]; e < rows.offsets[node + 1]; e++) {
      values[node * width + rows.indices[e]] = rows.values[e];
    }
  }
  return { kind: 'dense', rows: { count, width, values } };
}

function toSparse({ rows }: Of<'dense'>): NodeFeatures {
  const { count, width } = rows;
  const offsets = new Int32Array(count + 1);
  let entries = 0;
  for (const value of rows.values) if (value !== 0) entries++;
  const indices = new Int32Array(entries);
  const values = new Float32Array(entries);
  let e = 0;
  for (let node = 0; node < count; node++) {
    for (let j = 0; j < width; j++) {
      const value = rows.values[node * width + j];
      if (value === 0) continue;
      indices[e] = j;
      values[e++] = value;
    }
    offsets[node + 1] = e;
  }
  return { kind: 'sparse', rows: { count, width, offsets, indices, values } };
}

/**
 * The same rows, held the way that suits them: sparse where they are non-negative,
 * complete and mostly zero (the bundle's sparse codes hold 0 and above), else dense.
 */
export function chooseFeatures(options: {
  readonly features: NodeFeatures;
  /** Where they come from, as errors call it. */
  readonly field: string;
  readonly issues: IssueCollector;
}): NodeFeatures {
  const { features, field, issues } = options;
  const { fits, wanted } = holdsSparse(features);
  if (features.kind === 'dense') return wanted ? toSparse(features) : features;
  const { count, width } = features.rows;
  if (wanted) return features;
  if (count * width <= MAX_DENSE_VALUES) return toDense(features);
  if (!fits) {
    issues.report({
      code: 'data-invalid',
      message: `${field} has negative values and is too large to be held dense`,
      field,
      value: `${count} × ${width}`,
      allowed: `non-negative values, or at most ${MAX_DENSE_VALUES} values in all`,
    });
  }
  return features;
}
