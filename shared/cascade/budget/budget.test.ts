import { expect, test } from 'vitest';
import { createTestBundle, createTestRows } from '../../testing/index.ts';
import {
  type CascadeResult,
  createCascade,
  runCascade,
  STOP_REASONS,
  traceCascade,
} from '../index.ts';
import { createPace, NOMINAL_MACS_PER_MS } from './pace.ts';

const { bundle } = await createTestBundle({ units: [8, 8, 16, 32] });
const rows = createTestRows(bundle.input, 300);
const never = { thresholds: [null, null, null] };
const BUDGET = STOP_REASONS.indexOf('budget');
const LAST = STOP_REASONS.indexOf('last-stage');

/** Multiply-accumulates up to each stage; the same for every row, as rows are dense. */
const upTo = traceCascade(createCascade(bundle), rows).macs.map((values) => values[0]);

/** Every answer is that of the stage it names. */
function expectTraced(result: CascadeResult): void {
  const trace = traceCascade(createCascade(bundle), rows);
  result.stage.forEach((stage, i) => {
    expect(result.classes[i]).toBe(trace.classes[stage - 1][i]);
    expect(result.confidence[i]).toBe(trace.confidence[stage - 1][i]);
    expect(result.macs[i]).toBe(upTo[stage - 1]);
  });
}

test.each([
  [0, 1],
  [upTo[0], 1],
  [upTo[1] - 1, 1],
  [upTo[1], 2],
  [upTo[2], 3],
  [upTo[3] - 1, 3],
  [upTo[3], 4],
  [1e12, 4],
])('maxMacs %d ends the climb after stage %d', (maxMacs, stage) => {
  const result = runCascade(createCascade(bundle), rows, { ...never, maxMacs });
  expect(new Set(result.stage)).toEqual(new Set([stage]));
  expect(new Set(result.stopped)).toEqual(new Set([stage === 4 ? LAST : BUDGET]));
  expectTraced(result);
});

test('maxMacs counts the non-zeros of a sparse row', async () => {
  const sparse = (await createTestBundle({ sparse: true, width: 60, units: [8, 8] })).bundle;
  const cascade = createCascade(sparse);
  const many = createTestRows(sparse.input, 200);
  const [, full] = traceCascade(cascade, many).macs;
  const maxMacs = full.toSorted()[100];
  const result = runCascade(cascade, many, { thresholds: [null], maxMacs });
  full.forEach((macs, i) => {
    expect(result.stage[i]).toBe(macs <= maxMacs ? 2 : 1);
  });
});

/** A machine that computes `macsPerMs`; its clock advances with the work, in steps of `tickMs`. */
function machine(macsPerMs: number, tickMs = 0) {
  const cascade = createCascade(bundle);
  let time = 0;
  const block = {
    ...cascade.block,
    step(stage: number, count: number) {
      cascade.block.step(stage, count);
      time += (count * (upTo[stage] - (upTo[stage - 1] ?? 0))) / macsPerMs;
    },
  };
  const now = () => (tickMs === 0 ? time : Math.floor(time / tickMs) * tickMs);
  return { cascade: { ...cascade, block }, now, spent: () => time };
}

const MACS_PER_MS = 20_000;
const fullMs = (300 * upTo[3]) / MACS_PER_MS;
const firstMs = (300 * upTo[0]) / MACS_PER_MS;

test('deadlineMs: every row has an answer, however late it is', () => {
  const { cascade, now } = machine(MACS_PER_MS);
  const result = runCascade(cascade, rows, { ...never, deadlineMs: 0, now });
  expect(new Set(result.stage)).toEqual(new Set([1]));
  expect(new Set(result.stopped)).toEqual(new Set([BUDGET]));
  expectTraced(result);
});

test('deadlineMs: no row climbs on after the end, also where stage 1 was quicker than expected', () => {
  const { cascade, now } = machine(1000 * NOMINAL_MACS_PER_MS);
  const options = { thresholds: [0.6, 0.6, 0.6], deadlineMs: 0, now };
  expect(new Set(runCascade(cascade, rows, options).stage)).toEqual(new Set([1]));
});

test('deadlineMs: the learnt pace takes rows as deep as the time allows, and no deeper', () => {
  const { cascade, now, spent } = machine(MACS_PER_MS);
  // One run to learn from.
  runCascade(cascade, rows, { ...never, deadlineMs: 1e9, now });
  const depths: number[] = [];
  for (const share of [0.3, 0.5, 0.8, 1.3]) {
    const before = spent();
    const deadlineMs = firstMs + share * (fullMs - firstMs);
    const result = runCascade(cascade, rows, { ...never, deadlineMs, now });
    expect(spent() - before).toBeLessThanOrEqual(deadlineMs);
    expectTraced(result);
    depths.push(result.stage.reduce((sum, stage) => sum + stage, 0) / 300);
  }
  expect(depths).toEqual(depths.toSorted((a, b) => a - b));
  expect(depths[0]).toBeGreaterThan(1);
  expect(depths[3]).toBe(4);
});

test('deadlineMs: rows that stop early leave their time to others', () => {
  const { cascade, now } = machine(MACS_PER_MS);
  runCascade(cascade, rows, { ...never, deadlineMs: 1e9, now });
  const deadlineMs = firstMs + 0.5 * (fullMs - firstMs);
  const options = { deadlineMs, now };
  const all = runCascade(cascade, rows, { ...never, ...options });
  const some = runCascade(cascade, rows, { thresholds: [0.6, 0.6, 0.6], ...options });
  const cut = ({ stopped }: CascadeResult) => stopped.filter((reason) => reason === BUDGET).length;
  expect(cut(some)).toBeLessThan(cut(all));
});

test('deadlineMs: a clock that stands still is replaced by multiply-accumulates', () => {
  const cascade = createCascade(bundle);
  const at = (share: number) => {
    const deadlineMs = (share * 300 * upTo[3]) / NOMINAL_MACS_PER_MS;
    return runCascade(cascade, rows, { ...never, deadlineMs, now: () => 1234 });
  };
  expect(Math.max(...at(0.5).stage)).toBeLessThan(4);
  expect(Math.max(...at(0.5).stage)).toBeGreaterThan(1);
  expect(Math.min(...at(2).stage)).toBe(4);
});

test('deadlineMs: a coarse clock is met on average', () => {
  const { cascade, now, spent } = machine(MACS_PER_MS, fullMs / 20);
  for (let run = 0; run < 20; run++) runCascade(cascade, rows, { ...never, deadlineMs: 1e9, now });
  const before = spent();
  const runs = 20;
  const deadlineMs = 0.6 * fullMs;
  for (let run = 0; run < runs; run++) runCascade(cascade, rows, { ...never, deadlineMs, now });
  expect((spent() - before) / runs).toBeLessThanOrEqual(1.1 * deadlineMs);
});

test.each([
  [{ maxMacs: -1 }, 'maxMacs'],
  [{ maxMacs: Number.NaN }, 'maxMacs'],
  [{ deadlineMs: -0.5 }, 'deadlineMs'],
  [{ deadlineMs: Number.NaN }, 'deadlineMs'],
])('runCascade() refuses %o', (budget, field) => {
  expect(() => runCascade(createCascade(bundle), rows, { ...never, ...budget })).toThrow(
    expect.objectContaining({ code: 'option-invalid', field }),
  );
});

test('createPace() goes from the guess to what it sees, and follows a change', () => {
  const pace = createPace(2);
  expect(pace.expect(0, NOMINAL_MACS_PER_MS)).toBe(1);
  for (let i = 0; i < 100; i++) pace.add(0, 1e6, 2);
  expect(pace.expect(0, 1e6)).toBeGreaterThan(1.5);
  expect(pace.expect(0, 1e6)).toBeLessThanOrEqual(2);
  for (let i = 0; i < 300; i++) pace.add(0, 1e6, 0.5);
  expect(pace.expect(0, 1e6)).toBeLessThan(0.6);
  expect(pace.expect(1, NOMINAL_MACS_PER_MS), 'another stage').toBe(1);
});
