// Values that the codes of a kept row stand for: for tables, and for a person who looks at one case.
import type { BundleHead } from '@dandan/shared/bundle';
import { columnNames } from '@dandan/shared/features';
import type { InputQuantisation, QuantisedRows } from '@dandan/shared/kernel';
import { decodeQuantisedRows } from '@dandan/shared/wire';

/** A float32 has at most nine significant digits. */
const SIGNIFICANT_DIGITS = 9;

/** The value a code stands for, as short as it can be told from its neighbours. */
export function featureValue(input: InputQuantisation, column: number, code: number): number {
  const at = input.sparse ? 0 : column;
  const value = input.offset[at] + (code - input.zeroPoint) / input.multiplier[at];
  return Number(value.toPrecision(SIGNIFICANT_DIGITS));
}

/** Value by column, ascending; columns that a sparse row does not list are 0. */
export function valuesOf(rows: QuantisedRows, input: InputQuantisation): Map<number, number> {
  const { codes } = rows;
  const columns = rows.kind === 'dense' ? codes.keys() : rows.indices.values();
  return new Map(
    Array.from(columns, (column, e) => [column, featureValue(input, column, codes[e])]),
  );
}

/** One row as `POST /v1/models/{model}/explain` takes it, and the names of its values. */
export interface NamedRow {
  readonly row: number[] | { readonly indices: number[]; readonly values: number[] };
  readonly names: string[];
}

/** @param bytes one quantised row as safetensors, of the bundle of `head`. */
export function namedRow(bytes: Uint8Array, { manifest, input }: BundleHead): NamedRow {
  const { rows } = decodeQuantisedRows(bytes);
  const all = columnNames(manifest.features);
  const byColumn = valuesOf(rows, input);
  const [indices, values] = [[...byColumn.keys()], [...byColumn.values()]];
  return {
    row: rows.kind === 'dense' ? values : { indices, values },
    names: indices.map((column) => all[column]),
  };
}
