// The files below a project's folder, for the neutral readers: nothing outside of it is opened.
import { readdir, realpath, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import type { StoreEntry, TableStore } from '@dandan/shared/telemetry-table';
import { openCounted, textRefusal } from '../../data/text/open-text.ts';
import { openTypedTable } from './open-typed-table.ts';

/** A folder of more entries is no folder of exports. */
const MAX_ENTRIES = 100_000;

/** @returns what an entry is, links followed: `outside` where one leads out of `root`. */
async function entryOf(root: string, path: string, name: string): Promise<StoreEntry> {
  const real = await realpath(path).catch(() => undefined);
  if (real === undefined) return { name, kind: 'other', bytes: 0 };
  if (real !== root && !real.startsWith(root.endsWith(sep) ? root : root + sep)) {
    return { name, kind: 'outside', bytes: 0 };
  }
  const found = await stat(real);
  if (found.isDirectory()) return { name, kind: 'folder', bytes: 0 };
  return found.isFile()
    ? { name, kind: 'file', bytes: found.size }
    : { name, kind: 'other', bytes: 0 };
}

/** Opens a folder; links within it are followed. */
export function openFolder(folder: string, signal: AbortSignal | undefined): TableStore {
  let root: Promise<string> | undefined;
  return {
    async list(path) {
      root ??= realpath(folder);
      const base = await root.catch(() => undefined);
      if (base === undefined) return undefined;
      const names = await readdir(join(base, path)).catch(() => undefined);
      const entries: StoreEntry[] = [];
      for (const name of names?.slice(0, MAX_ENTRIES) ?? []) {
        entries.push(await entryOf(base, join(base, path, name), name));
      }
      return names === undefined ? undefined : entries;
    },
    async *text(name, onBytes) {
      signal?.throwIfAborted();
      try {
        const { file, text } = openCounted({ path: join(folder, name), signal });
        let told = 0;
        for await (const chunk of text) {
          onBytes(file.bytesRead - told);
          told = file.bytesRead;
          yield chunk as Uint8Array;
        }
      } catch (cause) {
        signal?.throwIfAborted();
        throw textRefusal(cause, name, 1);
      }
    },
    parquet: (name) => openTypedTable({ path: join(folder, name), name }, signal),
  };
}
