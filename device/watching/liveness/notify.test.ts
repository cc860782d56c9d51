import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { access, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { poll } from '../../testing/poll.ts';
import { createLiveness } from './notify.ts';

const cleanups: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

/** systemd's end of the socket, in the Perl that every Debian has. */
const RECEIVER = `
use Socket; $| = 1;
socket(my $s, AF_UNIX, SOCK_DGRAM, 0) or die; bind($s, pack_sockaddr_un($ARGV[0])) or die;
while (defined recv($s, my $m, 4096, 0)) { $m =~ s/\\n/ /g; print "$m\\n" }`;

const missing = ['perl', 'systemd-notify'].find(
  (program) => spawnSync(program, ['--version']).error !== undefined,
);

async function receive() {
  const folder = await mkdtemp(join(tmpdir(), 'dandan-notify-'));
  const socket = join(folder, 'notify');
  const child: ChildProcess = spawn('perl', ['-e', RECEIVER, socket]);
  let text = '';
  child.stdout?.on('data', (chunk) => {
    text += chunk;
  });
  cleanups.push(async () => {
    const exit = once(child, 'exit');
    child.kill('SIGKILL');
    await exit;
    await rm(folder, { recursive: true });
  });
  await poll('the socket', () =>
    access(socket).then(
      () => true,
      () => false,
    ),
  );
  return { socket, text: () => text };
}

test('systemd is told of start, life and end by its own helper', async ({ skip }) => {
  skip(missing !== undefined, `${missing} is not installed`);
  const { socket, text } = await receive();
  let alive = true;
  const liveness = createLiveness({
    environment: { PATH: process.env.PATH, NOTIFY_SOCKET: socket, WATCHDOG_USEC: '100000' },
    alive: () => alive,
  });
  expect(liveness.intervalMs).toBe(50);
  await liveness.ready();
  await poll('READY', () => text().includes(`READY=1 MAINPID=${process.pid}`));
  await poll('signs of life', () => text().split('WATCHDOG=1').length > 2);
  alive = false;
  await liveness.stopping();
  await poll('STOPPING', () => text().includes('STOPPING=1'));
});

test('without systemd nothing is run', async () => {
  const failures: string[] = [];
  const onFailure = (reason: string) => failures.push(reason);
  const silent = createLiveness({ environment: {}, onFailure });
  expect(silent.intervalMs).toBeUndefined();
  await silent.ready();
  await silent.stopping();
  expect(failures).toEqual([]);
});

test('a helper that is missing is told, and stops nothing', async () => {
  const failures: string[] = [];
  const liveness = createLiveness({
    environment: { PATH: '/nonexistent', NOTIFY_SOCKET: '/nonexistent/socket' },
    onFailure: (reason) => failures.push(reason),
  });
  await liveness.ready();
  await liveness.stopping();
  expect(failures).toHaveLength(2);
});

test('a watchdog of another process, or none, asks for no signs of life', () => {
  const NOTIFY_SOCKET = '/run/x';
  const intervalOf = (environment: Record<string, string>) =>
    createLiveness({ environment: { NOTIFY_SOCKET, ...environment } }).intervalMs;
  expect(intervalOf({})).toBeUndefined();
  expect(intervalOf({ WATCHDOG_USEC: 'x' })).toBeUndefined();
  expect(intervalOf({ WATCHDOG_USEC: '60000000', WATCHDOG_PID: '1' })).toBeUndefined();
  expect(intervalOf({ WATCHDOG_USEC: '60000000', WATCHDOG_PID: `${process.pid}` })).toBe(30_000);
});
