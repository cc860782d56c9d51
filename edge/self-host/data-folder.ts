// The folder that holds everything an edge keeps. One process at a time, whatever became of the last.
import { randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout } from 'node:timers/promises';
import { ServeError } from './serve-error.ts';

/** A socket's path has 108 bytes on Linux and 104 on macOS; the name within the folder takes some. */
const MAX_PATH_BYTES = 80;

const TEMPORARY = 'tmp-';

/** Longer than the kernel takes to end a process that was killed. */
const LAST_WORKERD_MS = 5_000;

export interface DataFolder {
  readonly path: string;
  /** D1, R2, Durable Objects; laid out as `wrangler --persist-to` does. */
  readonly state: string;
  /** The Worker as built last. */
  readonly build: string;
  /** New at every start; only this user may enter it. */
  readonly temporary: string;
  readonly keyFile: string;
  /** Notes the process that has the databases open. */
  noteWorkerd(pid: number): void;
  /** Lets the next process in. */
  release(): void;
}

/** What killed processes left; only whoever holds the lock may call it. */
function clear(path: string, kept: string): void {
  for (const name of readdirSync(path)) {
    if (!name.startsWith(TEMPORARY) || name === kept) continue;
    rmSync(join(path, name), { recursive: true, force: true });
  }
}

const errorCode = (error: unknown) => (error as NodeJS.ErrnoException).code ?? String(error);

function prepare(path: string, temporary: string): void {
  if (Buffer.byteLength(path) > MAX_PATH_BYTES) {
    const fix = `name a folder whose path has at most ${MAX_PATH_BYTES} bytes`;
    throw new ServeError('folder-unusable', `No socket can be made in ${path}`, fix);
  }
  try {
    // Keys' digests and models lie here: nobody else's to read.
    mkdirSync(path, { recursive: true, mode: 0o700 });
    mkdirSync(temporary, { mode: 0o700 });
    // Room and permission, before anything is opened.
    writeFileSync(join(temporary, 'probe'), 'x'.repeat(4096));
  } catch (error) {
    const user = process.getuid?.();
    throw new ServeError(
      'folder-unusable',
      `The data folder ${path} cannot be written: ${errorCode(error)}`,
      `name a folder that user ${user ?? 'running this'} may write, on a disk with room`,
      error,
    );
  }
}

/** Locked by the kernel, which unlocks when the process ends, however it ends. */
function lock(path: string, pidFile: string): DatabaseSync {
  const database = new DatabaseSync(join(path, 'lock'));
  try {
    database.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
    return database;
  } catch (error) {
    database.close();
    const [holder] = readNumbers(pidFile);
    throw new ServeError(
      'folder-in-use',
      `The data folder ${path} is in use by process ${holder ?? 'unknown'}`,
      'stop that process, or give this one a folder of its own',
      error,
    );
  }
}

function readNumbers(file: string): number[] {
  try {
    return readFileSync(file, 'utf8').split('\n').map(Number).filter(Number.isSafeInteger);
  } catch {
    return [];
  }
}

/** By name too: its number may belong to another process by now. */
function isWorkerd(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('workerd');
  } catch {
    return false;
  }
}

/** Two of them on the same databases would not know of each other. */
async function outlastWorkerd(pid: number | undefined): Promise<void> {
  for (const until = Date.now() + LAST_WORKERD_MS; pid && isWorkerd(pid); await setTimeout(20)) {
    if (Date.now() < until) continue;
    throw new ServeError(
      'folder-in-use',
      `workerd of an earlier run still has the data open, as process ${pid}`,
      `end it: kill -9 ${pid}`,
    );
  }
}

/**
 * Opens `folder`, made where it is missing, for this process alone.
 *
 * @throws {ServeError} `folder-unusable`, `folder-in-use`.
 */
export async function openDataFolder(folder: string): Promise<DataFolder> {
  const path = resolve(folder);
  const temporary = join(path, `${TEMPORARY}${randomUUID().slice(0, 8)}`);
  const pidFile = join(path, 'pid');
  prepare(path, temporary);
  let held: DatabaseSync;
  try {
    held = lock(path, pidFile);
  } catch (error) {
    rmSync(temporary, { recursive: true, force: true });
    throw error;
  }
  clear(path, basename(temporary));
  const [, workerd] = readNumbers(pidFile);
  await outlastWorkerd(workerd);
  const note = (...pids: number[]) => writeFileSync(pidFile, `${pids.join('\n')}\n`);
  note(process.pid);
  return {
    path,
    state: join(path, 'v3'),
    build: join(path, 'build'),
    temporary,
    keyFile: join(path, 'operator-key'),
    noteWorkerd: (pid) => note(process.pid, pid),
    release() {
      rmSync(pidFile, { force: true });
      rmSync(temporary, { recursive: true, force: true });
      held.close();
    },
  };
}
