// What is left of a program that was killed is ended by a second process: it learns of the
// program's end, however sudden, because its input closes.
import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const PROGRAM = fileURLToPath(new URL('./guard-process.ts', import.meta.url));

let program: ChildProcess | undefined;

/** What the guard is told, one JSON line each. */
export type GuardWord =
  | { readonly word: 'group' | 'ended'; readonly pid: number }
  | { readonly word: 'folder'; readonly path: string };

/** Starts the guard with its first word; it never keeps this process alive. */
function tell(word: GuardWord): void {
  if (program === undefined) {
    // A process group of its own: Ctrl-C and a closed terminal do not reach it.
    program = spawn(process.execPath, [PROGRAM], {
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    // Without a guard a program still ends its own children, unless it is killed.
    program.on('error', () => {});
    program.stdin?.on('error', () => {});
    program.unref();
    // The pipe is a socket, whose type has no unref.
    (program.stdin as unknown as { unref(): void } | null)?.unref();
  }
  program.stdin?.write(`${JSON.stringify(word)}\n`);
}

/** Has the process group `pid` ended when this process is gone. */
export const guardGroup = (pid: number): void => tell({ word: 'group', pid });

/** Forgets a process group that is gone: its number may be given to a stranger. */
export const forgetGroup = (pid: number): void => tell({ word: 'ended', pid });

/** Has the folder `path` removed when this process is gone. */
export const guardFolder = (path: string): void => tell({ word: 'folder', path });
