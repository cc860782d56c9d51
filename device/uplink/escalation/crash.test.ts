import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createTestBundle, createTestRows, type TestBundle } from '@dandan/shared/testing';
import type { Prediction, PredictResponse } from '@dandan/shared/wire';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { type EdgeServer, edgeAnswers, startEdgeServer } from '../../testing/edge-server.ts';
import type { EscalationTask } from '../../testing/escalation-process.ts';
import { poll } from '../../testing/poll.ts';

const PROGRAM = fileURLToPath(new URL('../../testing/escalation-process.ts', import.meta.url));
const ROWS = 24;
let made: TestBundle;
let edge: EdgeServer;
let folder: string;

beforeAll(async () => {
  made = await createTestBundle();
  edge = await startEdgeServer(made);
});
afterAll(() => edge.stop());
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dandan-crash-'));
  edge.mode = { kind: 'well' };
  edge.seen.length = 0;
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function start(options: Partial<EscalationTask>) {
  const task = { folder, edgeUrl: edge.url, rows: ROWS, killAt: 'never', killAfter: 3, ...options };
  const child = spawn(process.execPath, [PROGRAM, JSON.stringify(task)], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const exit = once(child, 'exit').then(
    ([code, signal]) => (code ?? signal) as number | NodeJS.Signals,
  );
  return { child, exit };
}

const run = (options: Partial<EscalationTask>) => start(options).exit;

function published(): Map<string, Prediction[]> {
  const lines = readFileSync(join(folder, 'published.jsonl'), 'utf8').trim().split('\n');
  const predictions = lines.map((line) => JSON.parse(line) as Prediction);
  return Map.groupBy(predictions, ({ id }) => id);
}

/** What an edge answers whose policy has changed: other classes for the same rows. */
function changeMind(count: number): void {
  const answers = edgeAnswers(made, createTestRows(made.bundle.input, count)).map((answer) => ({
    ...answer,
    class: (answer.class + 1) % 3,
    label: 'another mind',
    confidence: 0.123,
  }));
  const body: PredictResponse = {
    model: 'test-model',
    bundle: made.sha256,
    policy: 'night',
    answers,
  };
  edge.mode = { kind: 'body', body: JSON.stringify(body) };
}

test.each(['published', 'acknowledged'] as const)(
  'killed once the answer is %s, the next process publishes the same answer and no other',
  async (killAt) => {
    expect(await run({ killAt })).toBe('SIGKILL');
    const first = published();
    const told = [...first].filter(([, each]) => each.some(({ tier }) => tier === 'edge'));
    expect(told.length).toBeGreaterThanOrEqual(3);
    changeMind(8);
    // The journal brings all rows again.
    expect(await run({})).toBe(0);
    const all = published();
    expect(all.size).toBe(ROWS);
    for (const [, each] of all) {
      const finals = each.filter(({ tier }) => tier === 'edge');
      expect(new Set(finals.map((prediction) => JSON.stringify(prediction))).size).toBe(1);
      const from = each.findIndex(({ tier }) => tier === 'edge');
      expect(each.slice(from).every(({ tier }) => tier === 'edge')).toBe(true);
    }
    // The whole batch was answered before the kill, also what was not yet published of it.
    const minds = [...all.values()].map((each) => each.at(-1)?.label === 'another mind');
    expect(minds.filter((other) => !other).length).toBeGreaterThanOrEqual(8);
    expect(minds).toContain(true);
  },
);

test('killed while the edge is asked, the rows are asked for again and answered once', async () => {
  edge.mode = { kind: 'silent' };
  const { child, exit } = start({});
  await poll('the request', () => edge.seen.length > 0);
  child.kill('SIGKILL');
  expect(await exit).toBe('SIGKILL');
  edge.mode = { kind: 'well' };
  expect(await run({})).toBe(0);
  const all = published();
  expect(all.size).toBe(ROWS);
  for (const [, each] of all) {
    expect(each.filter(({ tier }) => tier === 'edge')).toHaveLength(1);
    expect(each.at(-1)?.tier).toBe('edge');
  }
});
