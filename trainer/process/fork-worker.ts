// Starts a program of this package as a process of its own, and remembers its last words.
import { type ChildProcess, fork } from 'node:child_process';

/** Enough of a process's last words for an error message. */
const TAIL_CHARACTERS = 2000;

export interface ForkedWorker {
  readonly child: ChildProcess;
  /** The end of what it wrote, of either kind, and why it could not start. */
  tail(): string;
}

/** Messages go both ways as JSON; it reads no terminal and writes to none. */
export function forkWorker(program: URL): ForkedWorker {
  const child = fork(program, { stdio: ['ignore', 'pipe', 'pipe', 'ipc'], serialization: 'json' });
  let tail = '';
  const keep = (text: string) => {
    tail = (tail + text).slice(-TAIL_CHARACTERS);
  };
  child.stdout?.setEncoding('utf8').on('data', keep);
  child.stderr?.setEncoding('utf8').on('data', keep);
  child.on('error', (error) => keep(String(error)));
  return { child, tail: () => tail.trim() };
}
