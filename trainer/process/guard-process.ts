// The program behind guard.ts: reads what to look after, and when the input closes
// ends those process groups and removes those folders.
import { rm } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import type { GuardWord } from './guard.ts';

/** As long as a program itself gives its children before it kills them. */
const STOP_MS = 5000;
const POLL_MS = 100;

const groups = new Set<number>();
const folders = new Set<string>();

/** Signals a process group; 0 only asks. @returns whether it has members. */
function signalGroup(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(-pid, signal);
    return true;
  } catch {
    return false;
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  const said = JSON.parse(line) as GuardWord;
  if (said.word === 'folder') folders.add(said.path);
  else if (said.word === 'group') groups.add(said.pid);
  else groups.delete(said.pid);
}
for (const pid of groups) signalGroup(pid, 'SIGTERM');
const deadline = performance.now() + STOP_MS;
while ([...groups].some((pid) => signalGroup(pid, 0)) && performance.now() < deadline) {
  await delay(POLL_MS);
}
for (const pid of groups) signalGroup(pid, 'SIGKILL');
for (const folder of folders) await rm(folder, { recursive: true, force: true, maxRetries: 3 });
