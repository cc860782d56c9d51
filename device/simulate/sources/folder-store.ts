// The files below a project's folder, for the neutral readers: nothing outside of it is opened.
import { readdir, realpath, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import type { StoreEntry, TableStore } from '@dandan/shared/telemetry-table';
import { readBytes } from './read-lines.ts';

/** @returns what an entry is, links followed: `outside` where one leads out of `root`. */
async function entryOf(root: string, path: string, name: string): Promise<StoreEntry> {
  const real = await realpath(path).catch(() => undefined);
  if (real === undefined) return { name, kind: 'other', bytes: 0 };
  const inside = real.startsWith(root.endsWith(sep) ? root : root + sep);
  if (real !== root && !inside) return { name, kind: 'outside', bytes: 0 };
  const found = await stat(real);
  if (found.isDirectory()) return { name, kind: 'folder', bytes: 0 };
  return { name, kind: found.isFile() ? 'file' : 'other', bytes: found.size };
}

/** Opens a folder; links within it are followed. */
export function openFolder(folder: string, signal: AbortSignal): TableStore {
  return {
    async list(path) {
      const root = await realpath(folder).catch(() => undefined);
      if (root === undefined) return undefined;
      const names = await readdir(join(root, path)).catch(() => undefined);
      if (names === undefined) return undefined;
      const entries: StoreEntry[] = [];
      for (const name of names) entries.push(await entryOf(root, join(root, path, name), name));
      return entries;
    },
    async *text(name, onBytes) {
      for await (const chunk of readBytes(join(folder, name), name, signal)) {
        onBytes(chunk.length);
        yield chunk;
      }
    },
    async parquet(name) {
      // Its decoder is 200 kB that only this needs.
      const { openTypedTable } = await import('./parquet-table.ts');
      return openTypedTable({ file: join(folder, name), name, signal });
    },
  };
}
