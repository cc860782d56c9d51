// The rows of a CSV chunk.
import type { Cascade } from '@dandan/shared/cascade';
import { InputError } from '@dandan/shared/error';
import type { PlannedChunk } from '../job.ts';
import type { CsvLayout } from '../plan/csv-planner.ts';
import type { ChunkRows } from './chunk-rows.ts';
import { csvFields } from './csv-fields.ts';
import type { InputSource } from './input-source.ts';
import { checkedId, eachRecord } from './text-records.ts';

/** Decimal only: `Number` also reads blanks as 0, and 0x10, 0b1, 0o7. */
const NOT_DECIMAL = /^\s*$|^\s*[+-]?0[xob]/i;

/** A field as float32. @throws {InputError} `rows-malformed`, `rows-not-finite`. */
export function readDecimal(text: string, field: string): number {
  const value = Number(text);
  // Everything odd reads as 0, as a whole number or not at all; most fields are neither.
  if (Number.isInteger(value) || Number.isNaN(value)) {
    if (Number.isNaN(value) || NOT_DECIMAL.test(text)) {
      const details = { field, value: text, allowed: 'a decimal number' };
      throw new InputError('rows-malformed', `'${field}' is no number`, details);
    }
  }
  const rounded = Math.fround(value);
  if (Number.isFinite(rounded)) return rounded;
  const details = { field, value: text, allowed: 'a finite float32' };
  throw new InputError('rows-not-finite', `'${field}' is beyond float32`, details);
}

/** @throws {RowError} naming line and field. */
export async function readCsvRows(options: {
  readonly source: InputSource;
  readonly layout: CsvLayout;
  readonly chunk: PlannedChunk;
  readonly cascade: Pick<Cascade, 'quantise'>;
  readonly features: readonly string[];
}): Promise<ChunkRows> {
  const { source, layout, chunk, cascade, features } = options;
  const { fields: expected, columns, id } = layout;
  const width = features.length;
  const count = chunk.rows;
  const values = new Float32Array(count * width);
  const ids: string[] | undefined = id < 0 ? undefined : [];
  const bytes = await source.read(chunk.begin, chunk.bytes);
  eachRecord(bytes, chunk, {
    quoted: true,
    read({ row, text }) {
      const fields = csvFields(text);
      if (fields.length !== expected) {
        throw new InputError('rows-wrong-width', `The record has ${fields.length} fields`, {
          field: 'fields',
          value: fields.length,
          allowed: `${expected}, as in the header`,
        });
      }
      ids?.push(checkedId(fields[id]));
      const begin = row * width;
      for (let j = 0; j < width; j++) {
        values[begin + j] = readDecimal(fields[columns[j]], features[j]);
      }
    },
  });
  const rows = cascade.quantise({ count, width, values });
  return ids === undefined ? { rows } : { rows, ids };
}
