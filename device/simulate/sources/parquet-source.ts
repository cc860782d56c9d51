// Parquet as a source, a row group at a time. Loaded by simulations of Parquet alone: the gateway
// itself never reads it.
import { basename } from 'node:path';
import type { Sample } from '@dandan/shared/features';
import { openTypedTable } from './parquet-table.ts';
import { createRowReader } from './row-reader.ts';
import type { SampleSource } from './sample-source.ts';
import { findColumns, type TableColumns, type TableOptions } from './table-columns.ts';

/** Rows handed on at a time. */
const BATCH_ROWS = 1000;

function positionsOf({ time, asset, values }: TableColumns): number[] {
  const own = typeof asset === 'number' ? [time, asset] : [time];
  if (values.kind === 'long') return [...own, values.channel, values.value];
  return [...own, ...values.channels.map(([at]) => at)];
}

export interface ParquetOptions extends TableOptions {
  /** Time to decode a column beside that for its rows. @default {10 s, for a busy machine} */
  readonly baseTimeoutMs?: number;
}

/** Opens a Parquet file; nothing is read before `read`. */
export function openParquet(options: ParquetOptions): SampleSource {
  const { file, baseTimeoutMs } = options;
  const name = basename(file);
  return {
    name,
    units: new Map(),
    async *read(signal) {
      const table = await openTypedTable({ file, name, baseTimeoutMs, signal });
      const { titles } = table;
      const columns = findColumns(titles, name, options);
      const readRow = createRowReader({ columns, titles, name });
      let rowStart = 0;
      for await (const group of table.read([...new Set(positionsOf(columns))])) {
        const { rows } = group;
        for (let row = 0; row < rows; row += BATCH_ROWS) {
          const samples: Sample[] = [];
          for (let i = row; i < Math.min(rows, row + BATCH_ROWS); i++) {
            const fields = group.columns.map((column) => column?.[i]);
            // Line 1 of a CSV file is its header; rows of Parquet count from 1.
            for (const sample of readRow(fields, rowStart + i + 1)) samples.push(sample);
          }
          yield samples;
        }
        rowStart += rows;
      }
    },
  };
}
