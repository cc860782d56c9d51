// A disk of a few megabytes that can be filled, or made read-only while nobody writes: a tmpfs.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const run = (program: string, ...words: string[]) => spawnSync(program, words).status === 0;

export interface SmallDisk {
  readonly folder: string;
  /** Takes all room that is left. */
  fill(): void;
  /** Gives it back. */
  empty(): void;
  /** @returns false where a file is open for writing. */
  setReadOnly(): boolean;
  dispose(): void;
}

/** @returns `undefined` where this process may not mount: only root may, outside most containers. */
export function mountSmallDisk(megabytes: number): SmallDisk | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'dandan-disk-'));
  if (!run('mount', '-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', folder)) {
    rmSync(folder, { recursive: true, force: true });
    return undefined;
  }
  const filler = join(folder, 'filler');
  return {
    folder,
    fill() {
      for (let size = 1 << 20; size >= 4096; size /= 2) {
        try {
          for (;;) writeFileSync(filler, Buffer.alloc(size), { flag: 'a' });
        } catch {
          // That much is not left; half of it may be.
        }
      }
    },
    empty: () => rmSync(filler, { force: true }),
    setReadOnly: () => run('mount', '-o', 'remount,ro', folder),
    dispose() {
      run('umount', folder);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/**
 * Forbids every change to files that are open for writing already, as a file system does that the
 * kernel has made read-only after errors.
 *
 * @returns false where only the owner's rights could be changed, which an open file ignores.
 */
export function setImmutable(files: readonly string[], on: boolean): boolean {
  return run('chattr', on ? '+i' : '-i', ...files);
}
