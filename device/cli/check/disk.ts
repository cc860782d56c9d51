// Whether what must survive a power cut has room, and how long the disk takes to promise it.
import { mkdir, open, rm, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { CheckFailure, type Finding } from '../check-failure.ts';

/** Enough writes for a median that a busy moment does not move. */
const WRITES = 15;
const WRITE_BYTES = 4096;

/** A worn or emulated card: at this rate a gateway's journal falls behind a busy line. */
const SLOW_MS = 100;

/** What other programs and logs on the file system are left. */
const SPARE_BYTES = 256 * 1024 * 1024;

export interface DiskCheckOptions {
  readonly folder: string;
  /** What the gateway may fill there; `undefined` where there is no limit. */
  readonly capBytes: number | undefined;
  /** The setting that names the folder, for the fix. */
  readonly field: string;
  /** Milliseconds of a clock that is never set. @default {performance.now} */
  readonly now?: () => number;
}

function size(bytes: number): string {
  return bytes < 1e9 ? `${Math.round(bytes / 1e6)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;
}

/** Median milliseconds of a small write that is on the disk when it returns. */
async function measureSync(folder: string, now: () => number): Promise<number> {
  const file = join(folder, `.check-${process.pid}`);
  const times: number[] = [];
  try {
    await using handle = await open(file, 'w', 0o600);
    const block = new Uint8Array(WRITE_BYTES);
    for (let i = 0; i < WRITES; i++) {
      const begin = now();
      await handle.write(block, 0, block.byteLength, 0);
      await handle.datasync();
      times.push(now() - begin);
    }
  } finally {
    await rm(file, { force: true });
  }
  return times.sort((a, b) => a - b)[Math.floor(WRITES / 2)];
}

/** @throws {CheckFailure} */
export async function checkDisk(options: DiskCheckOptions): Promise<Finding> {
  const { folder, capBytes, field, now = () => performance.now() } = options;
  try {
    await mkdir(folder, { recursive: true });
    const { bavail, bsize } = await statfs(folder);
    const syncMs = await measureSync(folder, now);
    const free = bavail * bsize;
    const detail = `${folder} can be written: ${size(free)} free, ${syncMs.toFixed(1)} ms a write`;
    const needed = (capBytes ?? 0) + SPARE_BYTES;
    if (free < needed) {
      const cap = capBytes === undefined ? '' : `, or lower what ${field} may fill`;
      return { detail, warning: `free ${size(needed - free)} on its file system${cap}` };
    }
    if (syncMs < SLOW_MS) return { detail };
    return { detail, warning: `use a faster disk for ${field}: the journal waits for each write` };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const fixes: Record<string, string> = {
      EROFS: 'mount the file system for writing (a card that fails turns read-only by itself)',
      ENOSPC: 'make room on its file system',
    };
    throw new CheckFailure(
      `${folder} cannot be written: ${code}`,
      fixes[code ?? ''] ?? `name a folder that the gateway's user may write in ${field}`,
    );
  }
}
