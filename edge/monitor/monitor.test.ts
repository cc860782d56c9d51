import { runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import {
  createCascade,
  createRiskMonitor,
  evidence,
  observeAudit,
  runCascade,
} from '@dandan/shared/cascade';
import { createTestBundle, createTestRows } from '@dandan/shared/testing';
import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { MAX_REPORTS } from '../meter/once.ts';
import type { AuditReport } from '../metrics/flush.ts';
import { migrate } from '../testing/edge-client.ts';
import { meterOf } from '../testing/meter.ts';
import { auditAnswers, fullAnswers } from './audit-answers.ts';
import { createDraw } from './draw.ts';
import { readMonitors } from './read-monitors.ts';

beforeAll(migrate);

test('createDraw() draws one of every N, wherever requests begin and end', () => {
  const sizes = fc.array(fc.nat(50), { maxLength: 40 });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 20 }), sizes, fc.string(), (every, counts, salt) => {
      const draw = createDraw({ every, salt });
      const drawn: number[] = [];
      let begin = 0;
      for (const count of counts) {
        for (const position of draw.next(count)) {
          expect(position).toBeLessThan(count);
          drawn.push(begin + position);
        }
        begin += count;
      }
      const whole = createDraw({ every, salt }).next(begin);
      expect(drawn).toEqual(whole);
      expect(drawn.map((place) => Math.floor(place / every))).toEqual(drawn.map((_, i) => i));
      expect(drawn.length).toBeGreaterThanOrEqual(Math.floor(begin / every));
    }),
  );
});

test('createDraw() favours no place, and another salt draws others', () => {
  const places = (salt: string) =>
    createDraw({ every: 10, salt })
      .next(100_000)
      .map((place) => place % 10);
  const counts = new Array<number>(10).fill(0);
  for (const place of places('a')) counts[place]++;
  // Four standard deviations of a fair draw of 10,000.
  for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(4 * 30);
  const [a, b] = [places('a'), places('b')];
  const same = a.filter((place, i) => place === b[i]).length;
  expect(Math.abs(same - 1000)).toBeLessThan(4 * 30);
});

test('auditAnswers() finds where stopping early changed the class; the last stage agrees', async () => {
  const { bundle } = await createTestBundle({ seed: 3, thresholds: [0.6, 0.6] });
  const cascade = createCascade(bundle);
  const rows = createTestRows(bundle.input, 400, 2);
  const result = runCascade(cascade, rows, bundle.manifest.policies.day);
  const all = Array.from({ length: 400 }, (_, i) => i);
  const { outcomes, disagreements } = auditAnswers({ cascade, rows, result }, all);
  const full = fullAnswers(cascade, rows);
  const differs = all.filter((i) => full.classes[i] !== result.classes[i]);
  expect(differs.length).toBeGreaterThan(3);
  expect(disagreements).toEqual(differs.map((row) => ({ row, full: full.classes[row] })));
  expect(outcomes).toBe(all.map((i) => (differs.includes(i) ? '1' : '0')).join(''));
  expect(differs.every((i) => result.stage[i] < 3)).toBe(true);
  const some = [399, 0, differs[0]];
  expect(auditAnswers({ cascade, rows, result }, some).outcomes).toBe(
    some.map((i) => (differs.includes(i) ? '1' : '0')).join(''),
  );
});

const promise = { alpha: 0.02, delta: 0.1 };
const bundleOf = (name: string) => name.repeat(64);
let reports = 0;

function report(model: string, outcomes: string, parts: Partial<AuditReport> = {}): AuditReport {
  return {
    model,
    id: `report-${++reports}`,
    bundle: bundleOf('c'),
    policy: 'day',
    promise,
    outcomes,
    drift: undefined,
    hardCases: [],
    ...parts,
  };
}

test('the meter tests a promise audit by audit, in order, and restarts where it was', async () => {
  const meter = meterOf('tested');
  let expected = createRiskMonitor(promise);
  for (const outcomes of ['0001', '0', '10000', '0'.repeat(200)]) {
    const { monitor, repeated } = await meter.audit(report('tested', outcomes));
    for (const outcome of outcomes) expected = observeAudit(expected, outcome === '1');
    expect(repeated).toBe(false);
    expect(monitor).toMatchObject({
      audits: expected.audits,
      disagreements: 2 - Number(expected.audits < 6),
      ...promise,
    });
    expect(monitor?.evidence).toBe(evidence(expected));
  }
});

test('an alarm is in D1 at once, with its first time for ever', async () => {
  const meter = meterOf('broken');
  await meter.audit(report('broken', '0'));
  await runDurableObjectAlarm(meter);
  expect((await readMonitors(env.REGISTRY, { model: 'broken' }))[0].alarmed).toBeNull();
  const { monitor } = await meter.audit(report('broken', '1'.repeat(5)));
  expect(monitor?.alarmed).not.toBeNull();
  await runDurableObjectAlarm(meter);
  const [first] = await readMonitors(env.REGISTRY, { model: 'broken' });
  expect(first).toMatchObject({ policy: 'day', audits: 6, disagreements: 5, ...promise });
  expect(first.alarmed).toBe(monitor?.alarmed);
  // Evidence falls again while all is well; the alarm stays.
  await meter.audit(report('broken', '0'.repeat(4000)));
  await runDurableObjectAlarm(meter);
  const [later] = await readMonitors(env.REGISTRY, { model: 'broken' });
  expect(later.evidence).toBeLessThan(first.evidence);
  expect(later.alarmed).toBe(first.alarmed);
  for (const statement of [
    "UPDATE monitors SET alarmed = NULL WHERE model = 'broken'",
    "UPDATE monitors SET alarmed = '2020-01-01' WHERE model = 'broken'",
    'DELETE FROM monitors',
  ]) {
    await expect(env.REGISTRY.prepare(statement).run()).rejects.toThrow('kept');
  }
});

test('a repeated report counts once; reports of one name by another key are others', async () => {
  const meter = meterOf('repeated');
  const one = report('repeated', '01');
  expect((await meter.audit(one)).repeated).toBe(false);
  const again = await meter.audit({ ...one, outcomes: '1111' });
  expect(again).toMatchObject({ repeated: true, monitor: { audits: 2, disagreements: 1 } });
  const other = await meter.audit({ ...one, id: `other ${one.id}` });
  expect(other).toMatchObject({ repeated: false, monitor: { audits: 4 } });
});

test('the names of reports are bounded: the oldest are forgotten first', async () => {
  const meter = meterOf('named');
  const first = report('named', '0');
  await meter.audit(first);
  await runInDurableObject(meter, (_, { storage }) => {
    storage.sql.exec("UPDATE sqlite_sequence SET seq = ? WHERE name = 'reports'", MAX_REPORTS - 1);
  });
  await meter.audit(report('named', '0'));
  expect((await meter.audit(first)).repeated).toBe(true);
  const third = report('named', '0');
  await meter.audit(third);
  expect((await meter.audit(third)).repeated).toBe(true);
  expect((await meter.audit(first)).repeated).toBe(false);
});

test('policies and bundles have monitors of their own; none without a promise one can bet on', async () => {
  const meter = meterOf('several');
  await meter.audit(report('several', '1'));
  await meter.audit(report('several', '00', { policy: 'night' }));
  await meter.audit(report('several', '0', { bundle: bundleOf('d') }));
  for (const none of [undefined, { alpha: 0, delta: 0.1 }, { alpha: 0.1, delta: 1 }]) {
    const { monitor } = await meter.audit(
      report('several', '1', { bundle: bundleOf('e'), promise: none }),
    );
    expect(monitor).toBeNull();
  }
  await runDurableObjectAlarm(meter);
  const monitors = await readMonitors(env.REGISTRY, { model: 'several' });
  expect(
    monitors.map(({ bundle, policy, audits }) => `${bundle[0]} ${policy} ${audits}`).sort(),
  ).toEqual(['c day 1', 'c night 2', 'd day 1']);
});
