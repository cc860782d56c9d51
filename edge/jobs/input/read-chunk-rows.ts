// The rows of a chunk, by the format of its file.
import type { Cascade } from '@dandan/shared/cascade';
import { columnNames } from '@dandan/shared/features';
import type { ChunkWork } from '../job.ts';
import type { CsvLayout } from '../plan/csv-planner.ts';
import type { SafetensorsLayout } from '../plan/safetensors-planner.ts';
import { PROFILES } from '../profile.ts';
import type { ChunkRows } from './chunk-rows.ts';
import { readCsvRows } from './csv-rows.ts';
import type { InputSource } from './input-source.ts';
import { readNdjsonRows } from './ndjson-rows.ts';
import { readParquetRows } from './parquet-rows.ts';
import { readSafetensorsRows } from './safetensors-rows.ts';

export interface ReadChunkOptions {
  readonly source: InputSource;
  readonly work: ChunkWork;
  readonly cascade: Cascade;
}

/** @throws {InputError} naming what cannot be read, and the row where it is one's. */
export async function readChunkRows(options: ReadChunkOptions): Promise<ChunkRows> {
  const { source, work, cascade } = options;
  const features = columnNames(cascade.manifest.features);
  const profile = PROFILES[work.profile];
  const shared = { source, chunk: work, cascade, features };
  // What the planner of the format wrote.
  const layout: unknown = JSON.parse(work.source.layout ?? 'null');
  switch (work.source.format) {
    case 'safetensors': {
      const maxBytes = profile.maxChunkBytes;
      return readSafetensorsRows({ ...shared, layout: layout as SafetensorsLayout, maxBytes });
    }
    case 'parquet':
      return readParquetRows({ ...shared, profile });
    case 'csv':
      return readCsvRows({ ...shared, layout: layout as CsvLayout });
    case 'ndjson':
      return readNdjsonRows(shared);
  }
}
