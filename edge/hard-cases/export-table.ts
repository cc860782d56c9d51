// Cases as a table to train on: one line per case, its label, and the features its codes stand for.
import type { BundleHead } from '@dandan/shared/bundle';
import { InputError } from '@dandan/shared/error';
import { columnNames } from '@dandan/shared/features';
import { decodeQuantisedRows } from '@dandan/shared/wire';
import { loadBundleHead } from '../registry/bundle-head.ts';
import type { CaseQuery, HardCaseStore, StoredCase } from './hard-case-store.ts';
import { valuesOf } from './row-values.ts';

/** Bundles of one export: a model's last releases; a table of older ones names its bundle. */
export const MAX_EXPORTED_BUNDLES = 16;

/** Cases read at a time: 50 rows of 16 KiB are below a megabyte. */
const PAGE = 50;

export type TableFormat = 'csv' | 'ndjson';

/** RFC 4180. */
const csvField = (text: string) =>
  /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;

const csvLine = (fields: readonly string[]) => `${fields.map(csvField).join(',')}\n`;

/** What the trainer calls unknown is an empty label. */
function csvCase(stored: StoredCase, names: readonly string[], values: Map<number, number>) {
  const features = names.map((_, column) => String(values.get(column) ?? 0));
  return csvLine([stored.id, stored.label ?? '', ...features]);
}

function ndjsonCase(stored: StoredCase, names: readonly string[], values: Map<number, number>) {
  const { row: _, id, label, ...about } = stored;
  const features = Array.from(values, ([column, value]) => [names[column], value] as const);
  const record = { node: id, label, features: Object.fromEntries(features), about };
  return `${JSON.stringify(record)}\n`;
}

const WRITERS = { csv: csvCase, ndjson: ndjsonCase };

/** @throws {InputError} `option-invalid` where bundles are too many or read different features. */
async function headsOf(
  bucket: R2Bucket,
  bundles: readonly string[],
): Promise<Map<string, BundleHead>> {
  const refuse = (message: string, allowed: string): never => {
    throw new InputError('option-invalid', message, { field: 'bundle', allowed });
  };
  if (bundles.length > MAX_EXPORTED_BUNDLES) {
    refuse(`The cases are of ${bundles.length} bundles`, 'the SHA-256 of one of them');
  }
  const heads = new Map<string, BundleHead>();
  let first: string | undefined;
  for (const bundle of bundles) {
    const head = await loadBundleHead(bucket, bundle);
    // Its file was let go: its codes mean nothing any more.
    if (head === undefined) continue;
    const features = JSON.stringify(head.manifest.features);
    first ??= features;
    if (features !== first) refuse('The bundles read different features', 'the SHA-256 of one');
    heads.set(bundle, head);
  }
  return heads;
}

/**
 * The cases of a query as CSV, which the trainer reads as a node table, or as lines of JSON. It is
 * written as it is read, a page at a time.
 *
 * @throws {InputError} `option-invalid`.
 */
export async function exportTable(options: {
  readonly store: HardCaseStore;
  readonly bucket: R2Bucket;
  readonly query: Omit<CaseQuery, 'after' | 'limit'>;
  readonly format: TableFormat;
}): Promise<ReadableStream<Uint8Array>> {
  const { store, bucket, query, format } = options;
  const heads = await headsOf(bucket, await store.bundles(query));
  const [head] = heads.values();
  const names = head ? columnNames(head.manifest.features) : [];
  const write = WRITERS[format];
  const encoder = new TextEncoder();
  let after: string | undefined;
  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        if (format !== 'csv') return;
        controller.enqueue(encoder.encode(csvLine(['node', 'label', ...names])));
      },
      async pull(controller) {
        const page = await store.read({ ...query, after, limit: PAGE });
        const lines = page.flatMap((stored) => {
          const own = heads.get(stored.bundle);
          if (own === undefined) return [];
          const { rows } = decodeQuantisedRows(stored.row);
          return [write(stored, names, valuesOf(rows, own.input))];
        });
        if (lines.length > 0) controller.enqueue(encoder.encode(lines.join('')));
        after = page.at(-1)?.id;
        if (page.length < PAGE) controller.close();
        // A page whose bundles are all gone adds nothing: an empty chunk keeps the reader coming.
        else if (lines.length === 0) controller.enqueue(new Uint8Array());
      },
    },
    { highWaterMark: 0 },
  );
}
