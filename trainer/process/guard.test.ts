import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { alive } from '../testing/alive.ts';
import { poll } from '../testing/poll.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';

const urlOf = (file: string) => JSON.stringify(new URL(file, import.meta.url).href);

/** A program that starts a shell and a grandchild deaf to SIGTERM, as the demo does with its parts, and waits. */
const script = (folder: string) => `
  const { guardFolder } = await import(${urlOf('./guard.ts')});
  const { startProcess } = await import(${urlOf('./guarded-process.ts')});
  guardFolder(${JSON.stringify(folder)});
  const args = ['-c', '(trap "" TERM; exec sleep 100) & echo $!; sleep 100'];
  const running = startProcess({ name: 'the shell', command: 'sh', args });
  running.child.stdout.on('data', (pid) => console.log(running.child.pid + ' ' + pid));
`;

function startDemo(folder: string): { child: ChildProcess; pids(): number[] } {
  const child = spawn(process.execPath, ['--input-type=module', '-e', script(folder)], {
    cwd: fileURLToPath(new URL('.', import.meta.url)),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout?.on('data', (chunk: Buffer) => {
    output += chunk;
  });
  return { child, pids: () => output.trim().split(/\s+/).filter(Boolean).map(Number) };
}

test('guardGroup() and guardFolder() leave nothing of a process that was killed', async () => {
  const folder = await temporaryFolder();
  const { child, pids } = startDemo(folder);
  await poll('the process ids', () => pids().length === 2);
  expect(pids().every(alive)).toBe(true);
  child.kill('SIGKILL');
  await poll('all of the group gone', () => !pids().some(alive));
  await poll('the folder gone', () => !existsSync(folder));
});
