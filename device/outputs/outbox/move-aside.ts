// Moves a damaged outbox out of the way, with its log, as evidence and for what can be read of it.
import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** SQLite finds a log by its database's name. */
const COMPANIONS = ['', '-wal', '-shm', '-journal'];

/** Makes renames in a folder survive a power cut. */
function syncFolder(folder: string): void {
  const descriptor = openSync(folder, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/**
 * Renames `file` to `file.corrupt-<time>`. Only the newest such file stays, so that a failing disk
 * does not fill with them.
 *
 * @returns the new name.
 */
export function moveAside(file: string, time: number): string {
  const folder = dirname(file);
  const prefix = `${basename(file)}.corrupt-`;
  for (const name of readdirSync(folder)) {
    if (name.startsWith(prefix)) rmSync(join(folder, name), { force: true });
  }
  const target = `${file}.corrupt-${Math.floor(time)}`;
  // The log first: it must never meet the new database.
  for (const companion of COMPANIONS.toReversed()) {
    if (existsSync(file + companion)) renameSync(file + companion, target + companion);
  }
  syncFolder(folder);
  return target;
}
