import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCascade, runCascade } from '@dandan/shared/cascade';
import { selectRows } from '@dandan/shared/kernel';
import { createTestBundle, createTestRows, type TestBundle } from '@dandan/shared/testing';
import type { HeartbeatAnswer } from '@dandan/shared/wire';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createLogger } from '../../log/index.ts';
import { openOutbox } from '../../outputs/outbox/index.ts';
import { poll } from '../../testing/poll.ts';
import { type RealEdge, startRealEdge } from '../../testing/real-edge.ts';
import { concatRows } from '../escalation/concat-rows.ts';
import { createEdgePost, createEdgeReport, type EdgeReport } from './index.ts';

let edge: RealEdge;
let folder: string;
const outboxes: { close(): void }[] = [];
const waiting = (outbox: ReturnType<typeof openOutbox>) =>
  outbox.takeMessages({ classes: ['audit'], limit: 10 }).length;
let made: TestBundle;

beforeAll(async () => {
  made = await createTestBundle({ model: 'press', seed: 3, thresholds: [0.65, 0.7] });
  folder = mkdtempSync(join(tmpdir(), 'dandan-reports-'));
  edge = await startRealEdge();
  await edge.publish(made);
}, 150_000);
afterAll(async () => {
  for (const outbox of outboxes) outbox.close();
  await edge?.stop();
  rmSync(folder, { recursive: true });
});

function startReport(key: string) {
  const channels: HeartbeatAnswer['channels'][] = [];
  const lines: string[] = [];
  const outbox = openOutbox({ file: join(folder, `${key}.sqlite`), maxRows: 100 });
  outboxes.push(outbox);
  const report: EdgeReport = createEdgeReport({
    post: createEdgePost({ url: edge.url, key, timeoutMs: 10_000 }),
    software: 'dandan-gateway 0.1.0',
    models: () => [
      {
        model: 'press',
        channel: 'stable',
        release: 1,
        bundle: made.sha256,
        state: 'running',
        reason: 'a reason\nof two lines',
        rows: 60,
        errors: 0,
      },
    ],
    onAnswer: (each) => channels.push(each.channels),
    outbox,
    concatRows,
    isBusy: () => false,
    log: createLogger({ level: 'debug', write: (line) => lines.push(line) }),
    heartbeatMs: 300,
    countsMs: 300,
    auditShare: 1,
  });
  return { report, channels, lines, outbox };
}

test('heartbeat, audits and counts arrive at the edge, once', async () => {
  const { report, channels, lines, outbox } = startReport(await edge.createKey('line-1'));
  const rows = createTestRows(made.bundle.input, 60, 7);
  const { day } = made.bundle.manifest.policies;
  const { classes, stage } = runCascade(createCascade(made.bundle), rows, day);
  const what = { model: 'press', bundle: made.sha256, policy: 'day' } as const;
  for (let i = 0; i < rows.count; i++) {
    const row = () => selectRows(rows, [i]);
    report.audits.offer(what, { asset: 'press-1', time: 1000 * i, class: classes[i], row });
    report.counts.answered(what, stage[i]);
  }
  report.counts.degraded(what, 2);
  await report.audits.flush({ all: true });
  expect(waiting(outbox)).toBe(1);
  const [kept] = outbox.takeMessages({ classes: ['audit'], limit: 1 });
  report.start();
  await poll('a heartbeat and counts', () => {
    const { heartbeats, countReports } = report.snapshot();
    return heartbeats > 1 && countReports > 0;
  });
  report.hasten();
  expect(channels[0]).toEqual([
    { model: 'press', channel: 'stable', release: 1, bundle: made.sha256 },
  ]);
  expect(Math.abs(report.skew?.ms ?? 1e9)).toBeLessThan(5000);
  // The turn of audits comes within a tenth of its interval.
  await poll('the audits', () => waiting(outbox) === 0);
  await report.stop();
  // A batch that is sent again after a lost answer counts once, by key and name.
  const post = createEdgePost({ url: edge.url, key: await edge.createKey('x'), timeoutMs: 10_000 });
  const { payload, id } = kept;
  const repeat = {
    path: 'v1/audit-samples',
    body: new Uint8Array(payload),
    mediaType: 'application/vnd.safetensors',
    idempotencyKey: id,
  };
  const { signal } = new AbortController();
  const answers = [await post(repeat, signal), await post(repeat, signal)];
  expect(answers).toMatchObject([
    { kind: 'taken', json: { audits: 60, repeated: false } },
    { kind: 'taken', json: { audits: 60, repeated: true } },
  ]);
  const { devices } = await edge.get<{ devices: object[] }>('/v1/devices');
  expect(devices).toMatchObject([
    { software: 'dandan-gateway 0.1.0', models: [{ reason: 'a reason of two lines', rows: 60 }] },
  ]);
  expect(report.snapshot()).toMatchObject({ heartbeatFailures: 0, reportsRefused: 0 });
  expect(lines).toEqual([]);
}, 60_000);

test('a wrong key costs reports, is told once, and never repeated', async () => {
  const { report, lines } = startReport('wrong-key-of-a-gateway');
  report.start();
  await poll('a failure', () => report.snapshot().heartbeatFailures > 0);
  await report.stop();
  expect(lines.join('\n')).toContain('unauthorised');
  expect(lines.join('\n')).not.toContain('wrong-key');
});
