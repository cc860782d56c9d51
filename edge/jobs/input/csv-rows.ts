// The rows of a CSV chunk.

import type { Cascade } from '@dandan/shared/cascade';
import { InputError } from '@dandan/shared/error';
import { plainDecimal } from '@dandan/shared/number';
import type { PlannedChunk } from '../job.ts';
import type { CsvLayout } from '../plan/csv-planner.ts';
import type { ChunkRows } from './chunk-rows.ts';
import { csvFields } from './csv-fields.ts';
import type { InputSource } from './input-source.ts';
import { checkedId, eachRecord, type TextRecord } from './text-records.ts';

const COMMA = 0x2c;
const QUOTE = 0x22;

/** Decimal only: `Number` also reads blanks as 0, and 0x10, 0b1, 0o7. */
const NOT_DECIMAL = /^\s*$|^\s*[+-]?0[xob]/i;

/** A field as float32. @throws {InputError} `rows-malformed`, `rows-not-finite`. */
function readDecimal(text: string, field: string): number {
  const value = Number(text);
  if (Number.isNaN(value) || NOT_DECIMAL.test(text)) {
    const details = { field, value: text, allowed: 'a decimal number' };
    throw new InputError('rows-malformed', `'${field}' is no number`, details);
  }
  const rounded = Math.fround(value);
  if (Number.isFinite(rounded)) return rounded;
  const details = { field, value: text, allowed: 'a finite float32' };
  throw new InputError('rows-not-finite', `'${field}' is beyond float32`, details);
}

function checkFields(found: number, expected: number): void {
  if (found === expected) return;
  throw new InputError('rows-wrong-width', `The record has ${found} fields`, {
    field: 'fields',
    value: found,
    allowed: `${expected}, as in the header`,
  });
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
  // Feature of each column, -1 for others.
  const featureOf = new Int32Array(expected).fill(-1);
  columns.forEach((column, feature) => {
    featureOf[column] = feature;
  });

  function readFields(row: number, fields: readonly string[]): void {
    checkFields(fields.length, expected);
    ids?.push(checkedId(fields[id]));
    for (let j = 0; j < width; j++) {
      values[row * width + j] = readDecimal(fields[columns[j]], features[j]);
    }
  }

  /** Reads a record in place; false where it has a quote, and nothing was kept of it. */
  function readPlain({ row, bytes, begin, end, textOf }: TextRecord): boolean {
    let column = 0;
    let named = '';
    for (let at = begin; ; at++) {
      const from = at;
      while (at < end && bytes[at] !== COMMA) if (bytes[at++] === QUOTE) return false;
      const feature = column < expected ? featureOf[column] : -1;
      if (feature >= 0) {
        const value = plainDecimal(bytes, from, at);
        values[row * width + feature] = Number.isNaN(value)
          ? readDecimal(textOf(from, at), features[feature])
          : value;
      } else if (column === id) named = checkedId(textOf(from, at));
      column++;
      if (at >= end) break;
    }
    checkFields(column, expected);
    ids?.push(named);
    return true;
  }

  const bytes = await source.read(chunk.begin, chunk.bytes);
  eachRecord(bytes, chunk, {
    quoted: true,
    read(record) {
      if (!readPlain(record)) readFields(record.row, csvFields(record.textOf()));
    },
  });
  const rows = cascade.quantise({ count, width, values });
  return ids === undefined ? { rows } : { rows, ids };
}
