// Whether a process still runs, for tests of what must be gone.
import { existsSync, readFileSync } from 'node:fs';

/** A zombie, which only waits for its parent to ask how it ended, does not count. */
export function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  const stat = existsSync('/proc/self/stat') && `/proc/${pid}/stat`;
  try {
    // The state follows the command name, which stands in brackets.
    return !stat || !readFileSync(stat, 'utf8').split(') ').at(-1)?.startsWith('Z');
  } catch {
    return false;
  }
}
