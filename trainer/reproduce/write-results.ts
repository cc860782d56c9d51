// Writes what is known of a table into the repository's result files, whichever sitting
// it comes from.
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { CellSplit } from './cell.ts';
import type { CellStore } from './cell-store.ts';
import { type DescribedSet, type Place, type PlanRequest, planPlaces } from './plan.ts';
import {
  type ResultEntry,
  type ResultFile,
  readResultFile,
  writeResultFile,
} from './result-file.ts';
import type { TableName } from './tables.ts';

export interface WriteResultsOptions {
  readonly table: TableName;
  readonly request: PlanRequest;
  readonly store: CellStore;
  /** Folder of the table's result files. */
  readonly dir: string;
  readonly command: string;
}

const union = <T>(a: readonly T[], b: readonly T[]) => [...new Set([...a, ...b])];

/** Seeds and methods of a file that a smaller request must not lose. */
function widened(request: PlanRequest, entries: readonly ResultEntry[]): PlanRequest {
  return {
    ...request,
    seeds: union(
      request.seeds,
      entries.map(({ record }) => record.options.seed as number),
    ),
    methods: union(
      request.methods,
      entries.map(({ column }) => column),
    ),
  };
}

function entryOf(place: Place, store: CellStore): ResultEntry[] {
  const record = store.find(place.cell);
  return record ? [{ column: place.method, variant: place.variant, record }] : [];
}

/** Folder of a table's result files: tables of different splits do not mix. */
export function tableFolder(out: string, table: TableName, split: CellSplit): string {
  return join(out, split !== 'public' ? table : `${table}-${split}`);
}

async function writeSet(
  options: WriteResultsOptions,
  set: DescribedSet,
  request: PlanRequest,
): Promise<void> {
  const { table, store, dir, command } = options;
  const [teacher] = request.teachers;
  const [setting] = request.settings;
  const path = join(dir, `${set.name}.${teacher}.${setting}.jsonl`);
  const existing = (await readResultFile(path))?.entries ?? [];
  const known = existing.filter(({ record }) => record.data === set.data);
  const entries = planPlaces(widened(request, known)).flatMap((place) => entryOf(place, store));
  const asked = new Set(request.variants.map(({ name }) => name));
  const others = known.filter(({ variant }) => !asked.has(variant));
  if (entries.length + others.length === 0) return;
  const { name, path: _, publicSplitSha256, ...facts } = set;
  const { split } = request;
  const splitSha256 = split === 'public' ? publicSplitSha256 : '';
  const header = { table, set: name, teacher, setting, split, splitSha256, ...facts, command };
  await writeResultFile(path, { header, entries: [...entries, ...others] });
}

/**
 * Brings the result files of the requested sets, teachers and settings up to date. Cells that a
 * file has from another sitting stay as long as their options are those recommended now.
 *
 * @throws {InputError} `output-unwritable`.
 */
export async function writeResults(options: WriteResultsOptions): Promise<void> {
  const { sets, teachers, settings } = options.request;
  for (const set of sets) {
    for (const teacher of teachers) {
      for (const setting of settings) {
        const request = { ...options.request, sets: [set], teachers: [teacher] };
        await writeSet(options, set, { ...request, settings: [setting] });
      }
    }
  }
}

/** All result files of a table, in the order of their names. */
export async function readResults(dir: string): Promise<ResultFile[]> {
  const names = await readdir(dir).catch(() => []);
  const files = await Promise.all(
    names
      .filter((name) => name.endsWith('.jsonl'))
      .sort()
      .map((name) => readResultFile(join(dir, name))),
  );
  return files.filter((file) => file !== undefined);
}
