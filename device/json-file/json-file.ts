// A small JSON file that is always whole: written beside, synced and renamed into place, so that a
// power cut leaves the old content or the new one.
import { randomBytes } from 'node:crypto';
import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';

/** A desired message with the largest policy, escaped and kept twice, is a quarter of it. */
export const MAX_JSON_FILE_BYTES = 1024 * 1024;

export type JsonFile =
  | { readonly kind: 'absent' }
  | { readonly kind: 'read'; readonly value: unknown }
  /** There, but of no use: cut, not JSON, too long, not readable. */
  | { readonly kind: 'unusable'; readonly reason: string };

/** Reads a file; never throws. */
export function readJsonFile(file: string): JsonFile {
  try {
    const { size } = statSync(file);
    if (size > MAX_JSON_FILE_BYTES) {
      return { kind: 'unusable', reason: `${size} bytes, at most ${MAX_JSON_FILE_BYTES}` };
    }
    return { kind: 'read', value: JSON.parse(readFileSync(file, 'utf8')) };
  } catch (error) {
    const { code, name } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' ? { kind: 'absent' } : { kind: 'unusable', reason: code ?? name };
  }
}

function sync(path: string): void {
  const handle = openSync(path, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/**
 * Replaces a file, also across a power cut.
 *
 * @param mode who may read it; by default its owner alone.
 * @throws the system's error; the old content stays.
 */
export function writeJsonFile(file: string, value: unknown, mode = 0o600): void {
  mkdirSync(dirname(file), { recursive: true });
  // Two programs may write at once, the gateway and its command line: each beside the other.
  const beside = `${file}.${process.pid}-${randomBytes(4).toString('hex')}.new`;
  try {
    const handle = openSync(beside, 'wx', mode);
    try {
      writeSync(handle, `${JSON.stringify(value)}\n`);
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    renameSync(beside, file);
  } catch (error) {
    rmSync(beside, { force: true });
    throw error;
  }
  // The rename itself is on the disk once the folder is.
  sync(dirname(file));
}

/** Removes a file that may be absent. @throws the system's error. */
export function removeJsonFile(file: string): void {
  rmSync(file, { force: true });
}
