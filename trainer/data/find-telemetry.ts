// Files that look like a plant's readings, at a path that holds neither a project nor a graph.
import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';

/** What telemetry mostly is; .txt may be anything. */
const TABLE = /\.(?:csv|tsv)(?:\.gz)?$|\.parquet$/i;

/** As deep as exports by year, month and machine lie. */
const MAX_DEPTH = 3;

/** Enough to recognise a folder by. */
const MAX_NAMES = 5;

/** Folders with more are looked at in part: the answer is in an error, not in a figure. */
const MAX_ENTRIES = 10_000;

/** Tables below `folder`, by name; unreadable folders count as empty. */
async function tablesBelow(folder: string): Promise<string[]> {
  const found: string[] = [];
  let left = MAX_ENTRIES;
  async function look(below: string, depth: number): Promise<void> {
    const entries = await readdir(join(folder, below), { withFileTypes: true }).catch(() => []);
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      if (left-- <= 0) return;
      const name = join(below, entry.name);
      if (entry.isFile() && TABLE.test(entry.name)) found.push(name);
      else if (entry.isDirectory() && depth < MAX_DEPTH) await look(name, depth + 1);
    }
  }
  await look('', 1);
  return found;
}

/** The first tables at `path` in words, e.g. `a.csv, b.csv, … (12 files)`; `undefined` without any. */
export async function findTelemetry(path: string): Promise<string | undefined> {
  const found = await stat(path).catch(() => undefined);
  if (found?.isFile()) return TABLE.test(path) ? basename(path) : undefined;
  if (!found?.isDirectory()) return undefined;
  const names = await tablesBelow(path);
  if (names.length === 0) return undefined;
  const shown = names.slice(0, MAX_NAMES).join(', ');
  return names.length > MAX_NAMES ? `${shown}, … (${names.length} files)` : shown;
}
