// The rows of a safetensors chunk, by ranges of its tensors.
import type { Cascade } from '@dandan/shared/cascade';
import { InputError } from '@dandan/shared/error';
import type { QuantisedRows } from '@dandan/shared/kernel';
import type { PlannedChunk } from '../job.ts';
import type { SafetensorsLayout } from '../plan/safetensors-planner.ts';
import { type ChunkRows, checkFinite } from './chunk-rows.ts';
import type { InputSource } from './input-source.ts';

type SparseLayout = Extract<SafetensorsLayout, { readonly kind: 'sparse-codes' }>;

const int32 = (bytes: Uint8Array<ArrayBuffer>) => new Int32Array(bytes.buffer);

async function readSparse(
  source: InputSource,
  layout: SparseLayout,
  { width, chunk, maxBytes }: { width: number; chunk: PlannedChunk; maxBytes: number },
): Promise<QuantisedRows> {
  const count = chunk.rows;
  const read = int32(await source.read(layout.offsets + 4 * chunk.place, 4 * (count + 1)));
  const [first] = read;
  const entries = read[count] - first;
  const ends = chunk.place + count === layout.rows ? layout.entries : read[count];
  const begins = chunk.place === 0 ? 0 : first;
  if (first !== begins || first < 0 || read[count] !== ends || ends > layout.entries) {
    throw new InputError('rows-malformed', 'Row offsets do not cover the entries', {
      field: 'offsets',
      value: read[count],
      allowed: `0..${layout.entries}`,
    });
  }
  if (entries < 0 || 5 * entries > maxBytes) {
    throw new InputError('rows-too-many', `${count} rows have ${entries} entries`, {
      field: 'offsets',
      value: entries,
      allowed: `at most ${Math.floor(maxBytes / 5)} in a chunk`,
    });
  }
  const indices = int32(await source.read(layout.indices + 4 * first, 4 * entries));
  const codes = await source.read(layout.codes + first, entries);
  return { kind: 'sparse', count, width, offsets: read.map((o) => o - first), indices, codes };
}

/**
 * @throws {InputError} `rows-malformed`, `rows-too-many` or `rows-not-finite`; whether codes fit the
 * bundle is checked when they run.
 */
export async function readSafetensorsRows(options: {
  readonly source: InputSource;
  readonly layout: SafetensorsLayout;
  readonly chunk: PlannedChunk;
  readonly cascade: Pick<Cascade, 'input' | 'quantise'>;
  readonly features: readonly string[];
  readonly maxBytes: number;
}): Promise<ChunkRows> {
  const { source, layout, chunk, cascade, features, maxBytes } = options;
  const { width } = cascade.input;
  const count = chunk.rows;
  if (layout.kind === 'sparse-codes') {
    return { rows: await readSparse(source, layout, { width, chunk, maxBytes }) };
  }
  const bytes = await source.read(chunk.begin, chunk.bytes);
  if (layout.kind === 'codes') return { rows: { kind: 'dense', count, width, codes: bytes } };
  const values = new Float32Array(bytes.buffer);
  checkFinite(values, width, features);
  return { rows: cascade.quantise({ count, width, values }) };
}
