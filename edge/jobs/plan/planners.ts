// The planner of every input format, and which format a file has.
import { InputError } from '@dandan/shared/error';
import { INPUT_FORMATS, type InputFormat } from '../job.ts';
import { csvPlanner } from './csv-planner.ts';
import { ndjsonPlanner } from './ndjson-planner.ts';
import { parquetPlanner } from './parquet-planner.ts';
import type { Planner } from './planner.ts';
import { safetensorsPlanner } from './safetensors-planner.ts';

/** By the end of a file's name. */
const EXTENSIONS: Readonly<Record<string, InputFormat>> = {
  safetensors: 'safetensors',
  parquet: 'parquet',
  csv: 'csv',
  ndjson: 'ndjson',
  jsonl: 'ndjson',
};

/** @throws {InputError} `data-invalid` where the name tells no format. */
export function formatOf(name: string, asked: InputFormat | null): InputFormat {
  const format = asked ?? EXTENSIONS[name.split('.').at(-1)?.toLowerCase() ?? ''];
  if (format !== undefined) return format;
  throw new InputError('data-invalid', `The format of input '${name}' is unknown`, {
    field: name,
    value: name,
    allowed: `a name that ends in ${Object.keys(EXTENSIONS).join(', ')}, or format (${INPUT_FORMATS.join(', ')}) in the job`,
  });
}

/** Layouts are JSON between `open` and `cut` of the same planner. */
export const PLANNERS = {
  safetensors: safetensorsPlanner,
  parquet: parquetPlanner,
  csv: csvPlanner,
  ndjson: ndjsonPlanner,
} as Readonly<Record<InputFormat, Planner<unknown>>>;
