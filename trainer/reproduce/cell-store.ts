// Every finished cell on disk, one small file each, so that a long table is made in
// several sittings; cells of result files in the repository count as finished too.
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { sha256Hex } from '@dandan/shared/bundle';
import { writeFileAtomic } from '../run/write-file-atomic.ts';
import type { Cell, CellRecord } from './cell.ts';
import { relevantOptions, sameOptions } from './relevant-options.ts';
import { readResultFile } from './result-file.ts';

export interface CellStore {
  find(cell: Cell): CellRecord | undefined;
  put(record: CellRecord): Promise<void>;
  /** A name fixed by what fixes the cell, as a recorded one was called: for files beside it. */
  nameOf(cell: Cell): Promise<string>;
  /** Forgets a cell, e.g. to compute it again with newer code. */
  remove(cell: Cell): Promise<void>;
}

export interface OpenCellStoreOptions {
  /** Folder of the cells; made when first written to. */
  readonly dir: string;
  /** Folder with result files of earlier sittings, in sub-folders by table. */
  readonly results: string;
}

type Identified = Pick<
  CellRecord,
  'data' | 'split' | 'splitSha256' | 'method' | 'options' | 'measure'
>;

/** All but the options, which are compared one by one; seed and setting for speed. */
function bucketOf({ data, split, splitSha256, method, options, measure }: Identified): string {
  return [data, split, splitSha256, method, options.setting, options.seed, measure].join(' ');
}

/** Hash of all that fixes a cell. */
async function hashName(record: Identified): Promise<string> {
  const { data, split, splitSha256, method, options, measure } = record;
  const sorted = (value: unknown): unknown =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(
          Object.entries(value)
            .sort(([a], [b]) => (a < b ? -1 : 1))
            .map(([key, inner]) => [key, sorted(inner)]),
        )
      : value;
  // Cells of tables that measure nothing else are called what they were before there were any.
  const more = measure === undefined ? [] : [measure];
  const identity = JSON.stringify([data, split, splitSha256, method, sorted(options), ...more]);
  // 128 bits: no two of a million cells share a name by chance.
  return (await sha256Hex(new TextEncoder().encode(identity))).slice(0, 32);
}

const identityOf = (cell: Cell): Identified => ({
  ...cell,
  options: relevantOptions(cell.method, cell.options),
});

/** A file that is cut off or is no cell counts as absent: the cell then runs again. */
async function readCell(path: string): Promise<CellRecord | undefined> {
  try {
    const record = JSON.parse(await readFile(path, 'utf8')) as CellRecord;
    const complete = record.result.accuracy >= 0 && typeof record.options === 'object';
    return complete ? record : undefined;
  } catch {
    return undefined;
  }
}

async function listed(dir: string, ending: string): Promise<string[]> {
  const names = await readdir(dir, { recursive: true }).catch(() => []);
  return names.filter((name) => name.endsWith(ending)).map((name) => join(dir, name));
}

/** Reads all cells at hand. Where several answer for one, the newest does. */
export async function openCellStore({ dir, results }: OpenCellStoreOptions): Promise<CellStore> {
  const buckets = new Map<string, CellRecord[]>();
  function keep(record: CellRecord): void {
    const bucket = bucketOf(record);
    const others = (buckets.get(bucket) ?? []).filter(
      (other) => JSON.stringify(other.options) !== JSON.stringify(record.options),
    );
    buckets.set(bucket, [record, ...others]);
  }
  const read: CellRecord[] = [];
  for (const file of await listed(results, '.jsonl')) {
    const entries = (await readResultFile(file))?.entries ?? [];
    read.push(...entries.map(({ record }) => record));
  }
  for (const file of await listed(dir, '.json')) {
    const record = await readCell(file);
    if (record) read.push(record);
  }
  for (const record of read.sort((a, b) => (a.finished < b.finished ? -1 : 1))) keep(record);

  const matching = (wanted: Identified) =>
    (buckets.get(bucketOf(wanted)) ?? []).filter(({ options }) =>
      sameOptions(options, wanted.options),
    );
  const fileOf = async (record: Identified & { set: string }) =>
    join(dir, record.set, `${await hashName(record)}.json`);
  const find = (cell: Cell) =>
    matching(identityOf(cell)).reduce<CellRecord | undefined>(
      (best, record) => (best && best.finished >= record.finished ? best : record),
      undefined,
    );
  return {
    find,
    nameOf: (cell) => hashName(find(cell) ?? identityOf(cell)),
    async put(record) {
      await writeFileAtomic(await fileOf(record), `${JSON.stringify(record)}\n`);
      keep(record);
    },
    async remove(cell) {
      const wanted = identityOf(cell);
      const gone = matching(wanted);
      for (const record of gone) await rm(await fileOf(record), { force: true });
      const bucket = bucketOf(wanted);
      buckets.set(
        bucket,
        (buckets.get(bucket) ?? []).filter((record) => !gone.includes(record)),
      );
    },
  };
}
