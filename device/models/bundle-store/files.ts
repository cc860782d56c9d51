// The few operations on files that the store and the updater do, one by one, so that a test can
// cut the power between any two of them.
import { mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** What is kept here tells what a plant's models are: its owner alone reads it. */
const FOLDER_MODE = 0o700;
const FILE_MODE = 0o600;

export interface FileEntry {
  readonly name: string;
  readonly bytes: number;
}

export interface Files {
  /** The first `limit` bytes of a file; `undefined` where there is none. */
  read(path: string, limit: number): Promise<Uint8Array<ArrayBuffer> | undefined>;
  /** Files of a folder by name, without its folders. */
  list(folder: string): Promise<readonly FileEntry[]>;
  /** Makes a folder and those above it; one that is there is no error. */
  makeFolder(folder: string): Promise<void>;
  /** Makes or empties a file and writes to it. It is safe only after `sync`. */
  write(path: string, bytes: Uint8Array): Promise<void>;
  /** Cuts a file at `offset`, making it where there is none, and writes from there on. */
  writeFrom(path: string, offset: number, bytes: Uint8Array): Promise<void>;
  /** Brings a file's bytes to the disk. */
  sync(path: string): Promise<void>;
  /** Replaces `to`. It is safe only after `syncFolder`. */
  rename(from: string, to: string): Promise<void>;
  /** Brings a folder's names to the disk. */
  syncFolder(folder: string): Promise<void>;
  /** Removes a file; one that is not there is no error. */
  remove(path: string): Promise<void>;
}

const isMissing = (error: unknown) => (error as NodeJS.ErrnoException).code === 'ENOENT';

async function readStart(path: string, limit: number) {
  await using file = await open(path, 'r');
  const { size } = await file.stat();
  const bytes = new Uint8Array(Math.min(size, limit));
  let at = 0;
  while (at < bytes.byteLength) {
    const { bytesRead } = await file.read(bytes, at, bytes.byteLength - at, at);
    if (bytesRead === 0) break;
    at += bytesRead;
  }
  return bytes.subarray(0, at);
}

async function openToChange(path: string) {
  try {
    return await open(path, 'r+');
  } catch (error) {
    if (!isMissing(error)) throw error;
    return open(path, 'wx+', FILE_MODE);
  }
}

async function sync(path: string): Promise<void> {
  await using file = await open(path, 'r');
  await file.sync();
}

/** The files of this machine. */
export function createFiles(): Files {
  return {
    async read(path, limit) {
      try {
        return await readStart(path, limit);
      } catch (error) {
        if (isMissing(error)) return undefined;
        throw error;
      }
    },
    async list(folder) {
      const entries = await readdir(folder, { withFileTypes: true });
      const files = entries.filter((entry) => entry.isFile());
      return Promise.all(
        files.map(async ({ name }) => {
          await using file = await open(join(folder, name), 'r');
          return { name, bytes: (await file.stat()).size };
        }),
      );
    },
    async makeFolder(folder) {
      await mkdir(folder, { recursive: true, mode: FOLDER_MODE });
    },
    async write(path, bytes) {
      await using file = await open(path, 'w', FILE_MODE);
      await file.writeFile(bytes);
    },
    async writeFrom(path, offset, bytes) {
      await using file = await openToChange(path);
      await file.truncate(offset);
      let at = 0;
      while (at < bytes.byteLength) {
        const { bytesWritten } = await file.write(bytes, at, bytes.byteLength - at, offset + at);
        at += bytesWritten;
      }
    },
    sync,
    rename,
    syncFolder: sync,
    remove: (path) => rm(path, { force: true }),
  };
}
