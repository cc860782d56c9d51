// Writes a new project into a folder; nothing that is there already is lost.
import { mkdir, readdir, rename, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { InputError } from '@dandan/shared/error';
import { writeFileAtomic } from '../run/write-file-atomic.ts';
import type { ProjectFile } from './project-files.ts';

export interface WriteProjectOptions {
  readonly dir: string;
  readonly files: readonly ProjectFile[];
  /** Go on in a folder that holds something; files in the way are renamed. @default {false} */
  readonly force?: boolean;
}

export interface WrittenProject {
  readonly written: readonly string[];
  /** Files that were in the way, by the name that they have now. */
  readonly renamed: Readonly<Record<string, string>>;
}

const exists = (path: string) =>
  stat(path).then(
    () => true,
    () => false,
  );

function unwritable(dir: string, cause: unknown): InputError {
  return new InputError('output-unwritable', `Cannot make the project folder '${dir}'`, {
    field: 'dir',
    value: (cause as NodeJS.ErrnoException).code,
    allowed: 'a folder that this user may write to',
    cause,
  });
}

/** `labels.csv.1`, or the first number that is free. */
async function setAside(path: string): Promise<string> {
  for (let number = 1; ; number++) {
    const aside = `${path}.${number}`;
    if (await exists(aside)) continue;
    await rename(path, aside);
    return aside;
  }
}

/**
 * @throws {InputError} `output-unwritable` for a folder that holds something, unless `force`,
 * and for one that cannot be written.
 */
export async function writeProject(options: WriteProjectOptions): Promise<WrittenProject> {
  const { dir, files, force = false } = options;
  const held = await mkdir(dir, { recursive: true })
    .then(() => readdir(dir))
    .catch((cause) => {
      throw unwritable(dir, cause);
    });
  if (held.length > 0 && !force) {
    throw new InputError('output-unwritable', `There is something in '${dir}' already`, {
      field: 'dir',
      value: held.slice(0, 8).join(', '),
      allowed: 'an empty or a new folder; --force keeps what is in the way under another name',
    });
  }
  const renamed: Record<string, string> = {};
  for (const { path, text } of files) {
    const file = join(dir, path);
    await mkdir(dirname(file), { recursive: true }).catch((cause) => {
      throw unwritable(dirname(file), cause);
    });
    if (await exists(file)) renamed[path] = (await setAside(file)).slice(join(dir, '/').length);
    await writeFileAtomic(file, text);
  }
  return { written: files.map(({ path }) => path), renamed };
}
