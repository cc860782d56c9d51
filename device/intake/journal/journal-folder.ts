// The disk as the journal sees it: a folder of files that grow, with every step that a power cut
// can come between as an operation of its own.
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';

export interface JournalFile {
  /** Appends all of `bytes`. */
  write(bytes: Uint8Array): Promise<void>;
  /** Resolves when everything written is on the disk. */
  sync(): Promise<void>;
  close(): Promise<void>;
}

export interface JournalFolder {
  list(): Promise<string[]>;
  read(name: string): Promise<Uint8Array>;
  /** Opens for appending, cut to `size` bytes; size 0 makes or empties it. */
  open(name: string, size: number): Promise<JournalFile>;
  rename(from: string, to: string): Promise<void>;
  remove(name: string): Promise<void>;
  /** Resolves when names made, changed and removed are on the disk. */
  sync(): Promise<void>;
}

/** A folder of the file system, made when it is listed; its owner alone reads it. */
export function openJournalFolder(path: string): JournalFolder {
  return {
    async list() {
      await mkdir(path, { recursive: true, mode: 0o700 });
      return readdir(path);
    },
    read: async (name) => new Uint8Array(await readFile(join(path, name))),
    async open(name, size) {
      const handle = await open(join(path, name), size === 0 ? 'w' : 'r+', 0o600);
      await handle.truncate(size);
      let position = size;
      return {
        async write(bytes) {
          for (let done = 0; done < bytes.byteLength; ) {
            const { bytesWritten } = await handle.write(bytes, done, undefined, position);
            done += bytesWritten;
            position += bytesWritten;
          }
        },
        sync: () => handle.datasync(),
        close: () => handle.close(),
      };
    },
    rename: (from, to) => rename(join(path, from), join(path, to)),
    remove: (name) => rm(join(path, name), { force: true }),
    async sync() {
      await using folder = await open(path, 'r');
      await folder.sync();
    },
  };
}
