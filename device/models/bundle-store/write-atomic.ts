// Replaces a file as a whole: after a power cut it holds the old bytes or the new ones.
import { dirname } from 'node:path';
import type { Files } from './files.ts';

/** Ending of a file that is being written; what a power cut leaves of it is removed at the start. */
export const UNFINISHED = '.new';

/** Writes beside `path`, brings that to the disk, and puts it in its place. */
export async function writeAtomic(files: Files, path: string, bytes: Uint8Array): Promise<void> {
  const unfinished = `${path}${UNFINISHED}`;
  await files.write(unfinished, bytes);
  await files.sync(unfinished);
  await files.rename(unfinished, path);
  await files.syncFolder(dirname(path));
}
