// CSV, plain or gzip, wide or long, as a source: streamed, so that a year of history fits.
import { basename } from 'node:path';
import { InputError } from '@dandan/shared/error';
import type { Sample } from '@dandan/shared/features';
import { MAX_COLUMNS, splitFields } from '@dandan/shared/telemetry-table';
import { readLines } from './read-lines.ts';
import { createRowReader } from './row-reader.ts';
import type { SampleSource } from './sample-source.ts';
import { findColumns, type TableOptions } from './table-columns.ts';

export interface CsvOptions extends TableOptions {
  /** One character. @default {','} */
  readonly delimiter?: string;
  /** @default {false} */
  readonly decimalComma?: boolean;
}

/** Opens a CSV file with a header line; nothing is read before `read`. */
export function openCsv(options: CsvOptions): SampleSource {
  const { file, delimiter = ',', decimalComma = false } = options;
  const name = basename(file);

  function refuseLine(line: number, text: string, allowed: string): never {
    throw new InputError('data-invalid', `${name} line ${line} is not usable`, {
      field: `${name}:${line}`,
      value: text,
      allowed,
    });
  }

  function readHeader(text: string, line: number) {
    const titles = splitFields(text, delimiter)?.map((title) => title.trim()) ?? [];
    const twice = titles.find((title, at) => title !== '' && titles.indexOf(title) !== at);
    if (titles.length < 2 || titles.length > MAX_COLUMNS || twice !== undefined) {
      refuseLine(line, twice ?? text, `2..${MAX_COLUMNS} different names, split by '${delimiter}'`);
    }
    const columns = findColumns(titles, name, options);
    return { count: titles.length, read: createRowReader({ columns, titles, name, decimalComma }) };
  }

  return {
    name,
    units: new Map(),
    async *read(signal) {
      let table: ReturnType<typeof readHeader> | undefined;
      let line = 0;
      for await (const lines of readLines(file, name, signal)) {
        const samples: Sample[] = [];
        for (const text of lines) {
          line++;
          if (text === '') continue;
          if (table === undefined) {
            table = readHeader(text, line);
            continue;
          }
          const fields = splitFields(text, delimiter);
          if (fields?.length !== table.count) {
            refuseLine(line, text, `${table.count} fields split by '${delimiter}', quotes closed`);
          }
          for (const sample of table.read(fields as string[], line)) samples.push(sample);
        }
        yield samples;
      }
      if (table === undefined) refuseLine(1, '', 'a line of column names');
    },
  };
}
