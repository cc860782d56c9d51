// The features field of one node: space-separated column ids (value 1) or id:value.
import { MAX_FEATURES } from '@dandan/shared/features';
import type { NumberList } from '../number-list.ts';

/** Entries of all rows read so far, one after the other. */
export interface FeatureEntries {
  readonly indices: NumberList<Int32Array>;
  readonly values: NumberList<Float32Array>;
}

export interface FeatureProblem {
  readonly value: string;
  readonly allowed: string;
}

const ID = `a column id 0..${MAX_FEATURES - 1}`;

function sortRow(entries: FeatureEntries, begin: number): void {
  const indices = entries.indices.view().subarray(begin);
  const values = entries.values.view().subarray(begin);
  const order = Array.from(indices, (_, i) => i).sort((a, b) => indices[a] - indices[b]);
  const sortedIndices = order.map((i) => indices[i]);
  const sortedValues = order.map((i) => values[i]);
  indices.set(sortedIndices);
  values.set(sortedValues);
}

function firstRepeated(indices: Int32Array): number | undefined {
  for (let e = 1; e < indices.length; e++) if (indices[e] === indices[e - 1]) return indices[e];
  return undefined;
}

/** Reads one `id` or `id:value`; NaN as the value when it is not usable. */
function parseEntry(token: string): { id: number; value: number } {
  const colon = token.indexOf(':');
  const idText = colon < 0 ? token : token.slice(0, colon);
  const valueText = colon < 0 ? '1' : token.slice(colon + 1).trim();
  const id = /^\d{1,10}$/.test(idText) ? Number(idText) : -1;
  const value = valueText === '' ? Number.NaN : Math.fround(Number(valueText));
  return { id, value };
}

/**
 * Appends the entries of one row, ascending; explicit zeros are left out. On a
 * problem nothing is appended and the problem is returned.
 */
export function parseFeatures(text: string, entries: FeatureEntries): FeatureProblem | undefined {
  const { indices, values } = entries;
  const begin = indices.length;
  let previous = -1;
  let ascending = true;

  function undo(value: string, allowed: string): FeatureProblem {
    indices.truncate(begin);
    values.truncate(begin);
    return { value, allowed };
  }

  let at = 0;
  while (at < text.length) {
    if (text.charCodeAt(at) === 32) {
      at++;
      continue;
    }
    let end = at;
    let id = 0;
    let plain = true;
    for (; end < text.length; end++) {
      const digit = text.charCodeAt(end) - 48;
      if (digit === -16) break;
      if (digit < 0 || digit > 9) plain = false;
      id = id * 10 + digit;
    }
    let value = 1;
    // Bare ids are the common case of bag-of-words files and need no substring.
    if (!plain || end - at > 10) {
      const token = text.slice(at, end);
      ({ id, value } = parseEntry(token));
      if (!Number.isFinite(value)) return undo(token, 'a finite number after the colon');
    }
    if (id < 0 || id >= MAX_FEATURES) return undo(text.slice(at, end), ID);
    if (value !== 0) {
      if (id <= previous) ascending = false;
      previous = id;
      indices.push(id);
      values.push(value);
    }
    at = end;
  }
  if (ascending) return undefined;
  sortRow(entries, begin);
  const repeated = firstRepeated(indices.view().subarray(begin));
  return repeated === undefined ? undefined : undo(`${repeated}`, 'every column once a row');
}
