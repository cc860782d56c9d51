// The rows of a chunk, by the format of its file.
import type { Cascade } from '@dandan/shared/cascade';
import { columnNames } from '@dandan/shared/features';
import type { ChunkWork } from '../job.ts';
import type { SafetensorsLayout } from '../plan/safetensors-planner.ts';
import { PROFILES } from '../profile.ts';
import type { ChunkRows } from './chunk-rows.ts';
import type { InputSource } from './input-source.ts';
import { readSafetensorsRows } from './safetensors-rows.ts';

export interface ReadChunkOptions {
  readonly source: InputSource;
  readonly work: ChunkWork;
  readonly cascade: Cascade;
}

/** @throws {InputError} naming what cannot be read. */
export async function readChunkRows(options: ReadChunkOptions): Promise<ChunkRows> {
  const { source, work, cascade } = options;
  const features = columnNames(cascade.manifest.features);
  const { maxChunkBytes: maxBytes } = PROFILES[work.profile];
  // What the planner of the format wrote.
  const layout: unknown = JSON.parse(work.source.layout ?? 'null');
  const shared = { source, chunk: work, cascade, features };
  return readSafetensorsRows({ ...shared, layout: layout as SafetensorsLayout, maxBytes });
}
