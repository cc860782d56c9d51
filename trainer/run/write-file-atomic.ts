// A file is either the old one or the new one, never half of it.
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { InputError } from '@dandan/shared/error';

async function replace(path: string, data: Uint8Array | string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const temporary = `${path}.${process.pid}.partial`;
  try {
    const handle = await open(temporary, 'w');
    try {
      await handle.writeFile(data);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/**
 * Writes through a temporary sibling that is synced, then renamed over `path`.
 *
 * @throws {InputError} `output-unwritable`; `path` is then as it was.
 */
export async function writeFileAtomic(path: string, data: Uint8Array | string): Promise<void> {
  try {
    await replace(path, data);
  } catch (cause) {
    throw new InputError('output-unwritable', `Cannot write '${path}'`, {
      field: path,
      value: (cause as NodeJS.ErrnoException).code,
      allowed: 'a place that this user may write to, with room for the file',
      cause,
    });
  }
}
