import { expect, test } from 'vitest';
import { alive } from '../testing/alive.ts';
import { poll } from '../testing/poll.ts';
import { type RunningProcess, runToEnd, startProcess } from './guarded-process.ts';
import { waitUntil } from './wait-until.ts';

const shell = (script: string) => ({ name: 'the shell', command: 'sh', args: ['-c', script] });

/** Process ids that the script prints, one a line, once there are `count` of them. */
async function pidsOf(running: RunningProcess, count: number): Promise<number[]> {
  const pids = () => running.tail().split('\n').filter(Boolean).map(Number);
  await poll('the process ids', () => pids().length === count);
  return pids();
}

test('startProcess() ends its whole process group when disposed', async () => {
  const running = startProcess(shell('sleep 100 & echo $!; sleep 100 & echo $!; wait'));
  const pids = [...(await pidsOf(running, 2)), running.child.pid as number];
  expect(pids.every(alive)).toBe(true);
  await running[Symbol.asyncDispose]();
  await poll('all of the group gone', () => !pids.some(alive));
});

test('startProcess() ends grandchildren that ignore SIGTERM and whose parent is gone', async () => {
  const stubborn = '(trap "" TERM; exec sleep 100) >/dev/null 2>&1 & echo $!';
  const running = startProcess(shell(stubborn));
  const [pid] = await pidsOf(running, 1);
  await poll('the shell gone', () => running.child.exitCode !== null);
  expect(alive(pid)).toBe(true);
  await running[Symbol.asyncDispose]();
  await poll('the grandchild gone', () => !alive(pid));
});

test('startProcess() passes the environment and keeps the last output', async () => {
  const script = 'yes filling | head -n 2000; echo out $WORD; echo error >&2';
  await using running = startProcess({ ...shell(script), env: { WORD: 'word' } });
  await poll('the end', () => running.tail().includes('error'));
  expect(running.tail()).toContain('out word');
  expect(running.tail().length).toBeLessThanOrEqual(4000);
});

test('startProcess() tells by a signal that the program ended, and how', async () => {
  await using running = startProcess(shell('echo last words; exit 7'));
  await poll('the end', () => running.ended.aborted);
  expect(running.ended.reason).toMatchObject({
    name: 'ProcessFailure',
    message: 'the shell ended (exit code 7)',
    output: 'last words',
  });
});

test('startProcess() finds the programs of the project whatever PATH says', async () => {
  const { signal } = new AbortController();
  const biome = { name: 'biome', command: 'biome', args: ['--version'] };
  expect(await runToEnd(biome, signal)).toMatch(/\d+\.\d+/);
});

test('runToEnd() returns stdout, and throws the output of a program that fails', async () => {
  const { signal } = new AbortController();
  expect(await runToEnd(shell('echo result; echo noise >&2'), signal)).toBe('result\n');
  const failing = runToEnd(shell('echo why it failed >&2; exit 3'), signal);
  await expect(failing).rejects.toMatchObject({
    name: 'ProcessFailure',
    message: 'the shell failed with exit code 3',
    output: 'why it failed',
  });
});

test('runToEnd() throws for a program that does not exist', async () => {
  const { signal } = new AbortController();
  const missing = { name: 'nothing', command: 'dandan-no-such-program', args: [] };
  await expect(runToEnd(missing, signal)).rejects.toThrow('ENOENT');
});

test('runToEnd() ends the program when aborted', async () => {
  const controller = new AbortController();
  const reason = new Error('enough');
  const run = runToEnd(shell('sleep 100'), controller.signal);
  controller.abort(reason);
  await expect(run).rejects.toBe(reason);
});

test('waitUntil() returns once the condition holds', async () => {
  let asked = 0;
  const { signal } = new AbortController();
  await waitUntil(async () => ++asked === 3, { what: 'It', timeoutMs: 5000, signal });
  expect(asked).toBe(3);
});

test("waitUntil() fails with the process's last output when that ends", async () => {
  const { signal } = new AbortController();
  await using running = startProcess(shell('echo port is taken >&2; exit 1'));
  const waiting = waitUntil(() => false, {
    what: 'The edge',
    timeoutMs: 20_000,
    signal,
    process: running,
  });
  await expect(waiting).rejects.toMatchObject({
    message: 'The edge did not come up: it ended',
    output: 'port is taken',
  });
});

test('waitUntil() fails when the time is over', async () => {
  const { signal } = new AbortController();
  const waiting = waitUntil(() => false, { what: 'The edge', timeoutMs: 50, signal });
  await expect(waiting).rejects.toThrow('The edge did not come up: no sign of it within 0.05 s');
});

test('waitUntil() stops when aborted', async () => {
  const controller = new AbortController();
  const reason = new Error('enough');
  const options = { what: 'The edge', timeoutMs: 20_000, signal: controller.signal };
  const waiting = waitUntil(() => {
    controller.abort(reason);
    return false;
  }, options);
  await expect(waiting).rejects.toBe(reason);
});
