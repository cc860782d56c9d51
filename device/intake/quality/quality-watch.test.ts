import type { Sample } from '@dandan/shared/features';
import { createRandom } from '@dandan/shared/random';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type QualityConfig, qualityConfigSchema } from '../../config/sections/quality.ts';
import { createQualityWatch, type QualityEvent } from './index.ts';

const T0 = 1_767_225_600_000;

/** A watch, and a sensor of its own that reports once a second what it is told. */
function create(config: Partial<QualityConfig> = {}, maxChannels?: number) {
  const events: QualityEvent[] = [];
  const watch = createQualityWatch({
    config: qualityConfigSchema.parse(config),
    onEvent: (event) => events.push(event),
    ...(maxChannels === undefined ? {} : { maxChannels }),
  });
  const random = createRandom(1);
  const state = { now: T0, offsetMs: 0 };
  const sample = (change: Partial<Sample> = {}): Sample => ({
    asset: 'press',
    channel: 'temperature',
    time: state.now + state.offsetMs,
    value: 20 + random.normal(),
    ...change,
  });
  /** `count` samples, one a second. */
  function run(count: number, change: (i: number) => Partial<Sample> = () => ({})): void {
    for (let i = 0; i < count; i++) {
      watch.observe(sample(change(i)), state.now);
      state.now += 1000;
      watch.tick(state.now);
    }
  }
  const told = () => events.splice(0).map(({ kind, code }) => `${kind} ${code}`);
  return { watch, state, sample, run, told, events };
}

test('a sensor that reports as usual is nothing to tell', () => {
  const { watch, run, told } = create();
  run(5000);
  expect(told()).toEqual([]);
  expect(watch.active()).toEqual([]);
  expect(watch.snapshot()).toEqual({
    samples: 5000,
    late: 0,
    duplicates: 0,
    historical: 0,
    unitsConverted: 0,
    unitsRefused: 0,
    clockJumps: 0,
    stuckSensors: 0,
    silentSensors: 0,
    skewedClocks: 0,
    unwatched: 0,
    watchedChannels: 1,
    activeConditions: 0,
  });
});

test('a sensor that moves and then keeps one value is stuck after the configured time, until it moves again', () => {
  const { watch, run, told, events, state } = create({ stuckAfterMs: 60_000 });
  run(100);
  const since = state.now;
  run(60, () => ({ value: 23.5 }));
  expect(told()).toEqual([]);
  run(1, () => ({ value: 23.5 }));
  expect(events).toEqual([
    {
      kind: 'raised',
      code: 'sensor-stuck',
      asset: 'press',
      channel: 'temperature',
      since,
      at: since + 60_000,
      detail: '23.5 in 61 samples; usually 1.0',
    },
  ]);
  expect(watch.active()).toEqual(events);
  events.length = 0;
  // Two values are no recovery; three are.
  run(500, (i) => ({ value: i < 1 ? 23.6 : 23.5 }));
  expect(told()).toEqual([]);
  run(1);
  expect(told()).toEqual(['cleared sensor-stuck']);
  expect(watch.snapshot()).toMatchObject({ stuckSensors: 1, activeConditions: 0 });
});

test('stuckAfterSamples holds back a sensor that reports seldom', () => {
  const { run, told } = create({ stuckAfterMs: 1, stuckAfterSamples: 40 });
  run(100);
  run(39, () => ({ value: 5 }));
  expect(told()).toEqual([]);
  run(1, () => ({ value: 5 }));
  expect(told()).toEqual(['raised sensor-stuck']);
});

test('a valve that rests for hours, and a sensor not known to move, are not stuck', () => {
  const valve = create({ stuckAfterMs: 60_000 });
  valve.run(20_000, (i) => ({ value: Math.floor(i / 300) % 2 }));
  valve.run(900, () => ({ value: 1 }));
  expect(valve.told()).toEqual([]);
  const constant = create({ stuckAfterMs: 60_000 });
  constant.run(5000, () => ({ value: 7 }));
  expect(constant.told()).toEqual([]);
});

test('a sensor is silent after several times its usual interval, until its third sample', () => {
  const { watch, run, told, state, events } = create({ silentAfterMs: 0 });
  run(100);
  const last = state.now - 1000;
  watch.tick(last + 4900);
  expect(told()).toEqual([]);
  watch.tick(last + 5500);
  expect(events).toMatchObject([
    { code: 'sensor-silent', since: last, at: last + 5500, channel: 'temperature' },
  ]);
  expect(events[0].detail).toBe('nothing for 5500 ms; usually 1000 ms');
  watch.tick(last + 9000);
  state.now = last + 100_000;
  events.length = 0;
  run(2);
  expect(told()).toEqual([]);
  run(1);
  expect(told()).toEqual(['cleared sensor-silent']);
});

test('silence while the gateway was not listening is not the sensor’s', () => {
  const { watch, run, told, state } = create({ silentAfterMs: 0 });
  run(100);
  watch.tick(state.now + 600_000, state.now + 599_000);
  expect(told()).toEqual([]);
  watch.tick(state.now + 606_000, state.now + 599_000);
  expect(told()).toEqual(['raised sensor-silent']);
});

test('an interval is usual whether samples come one by one, in batches or after an outage at once', () => {
  const { watch, told, state, sample } = create({ silentAfterMs: 0 });
  for (let batch = 0; batch < 50; batch++) {
    for (let i = 0; i < 10; i++)
      watch.observe(sample({ time: state.now - 10_000 + 1000 * i }), state.now);
    state.now += 10_000;
    watch.tick(state.now);
  }
  // A backlog of an hour within a second.
  state.now += 3_600_000;
  for (let i = 0; i < 3600; i++) {
    if (i % 10 === 0) state.now += 3;
    watch.observe(sample({ time: state.now - 3_600_000 + 1000 * i }), state.now);
  }
  watch.tick(state.now + 20_000);
  expect(told()).toEqual([]);
});

test('samples out of order and samples sent again are counted, and told above their share', () => {
  const late = create();
  late.run(1000, (i) => (i % 20 === 0 ? { time: late.state.now - 5500 } : {}));
  expect(late.told()).toEqual([]);
  late.run(1000, (i) => (i % 2 === 0 ? { time: late.state.now - 5500 } : {}));
  expect(late.told()).toEqual(['raised samples-late']);
  expect(late.watch.snapshot()).toMatchObject({ late: 549, duplicates: 0 });
  late.run(1000);
  expect(late.told()).toEqual(['cleared samples-late']);

  const twice = create();
  twice.run(1000, (i) => (i % 2 === 0 ? {} : { time: twice.state.now - 1000 }));
  expect(twice.told()).toEqual(['raised samples-duplicated']);
  expect(twice.watch.snapshot()).toMatchObject({ late: 0, duplicates: 500 });
  twice.run(1000);
  expect(twice.told()).toEqual(['cleared samples-duplicated']);
});

test('historical samples are neither late nor a clock that jumps or is wrong', () => {
  const { watch, run, told, state } = create();
  run(1000);
  run(1000, () => ({ time: state.now - 3_600_000, historical: true }));
  run(10);
  expect(told()).toEqual([]);
  expect(watch.snapshot()).toMatchObject({ historical: 1000, late: 0, clockJumps: 0 });
});

test('a refused unit is told once, and over after ten samples that were taken', () => {
  const { watch, run, told, state, sample } = create();
  run(10);
  for (let i = 0; i < 5; i++) {
    watch.refuseUnit(sample({ unit: 'furlong' }), state.now);
    run(5);
  }
  expect(told()).toEqual(['raised unit-refused']);
  run(4);
  expect(told()).toEqual([]);
  run(1);
  expect(told()).toEqual(['cleared unit-refused']);
  watch.observe(sample(), state.now, true);
  expect(watch.snapshot()).toMatchObject({ unitsRefused: 5, unitsConverted: 1 });
});

test('a clock that goes back is told after ten samples, and that it is wrong after a minute', () => {
  const { watch, run, told, state, events } = create();
  run(100);
  state.offsetMs = -3_600_000;
  run(9);
  expect(told()).toEqual([]);
  run(1);
  expect(events).toMatchObject([
    {
      kind: 'raised',
      code: 'clock-jumped',
      asset: 'press',
      channel: null,
      detail: 'back by 3600 s',
    },
  ]);
  events.length = 0;
  run(60);
  expect(told().sort()).toEqual(['cleared clock-jumped', 'raised clock-skewed']);
  expect(watch.snapshot()).toMatchObject({ clockJumps: 1, skewedClocks: 1 });
  state.offsetMs = 0;
  run(15);
  expect(told()).toEqual([]);
  run(1);
  expect(told()).toEqual(['cleared clock-skewed']);
});

test('a clock that goes ahead is told at once; a gap is no jump, nor are late samples', () => {
  const { run, told, state, events } = create();
  run(100);
  state.now += 7_200_000;
  run(100, (i) => (i % 5 === 0 ? { time: state.now - 90_000 } : {}));
  expect(told().filter((text) => text.includes('clock'))).toEqual([]);
  events.length = 0;
  state.offsetMs = 86_400_000;
  run(1);
  expect(events).toMatchObject([{ code: 'clock-jumped', detail: 'ahead by 86400 s' }]);
});

test('a backlog that its sender does not mark is no wrong clock', () => {
  const { watch, run, told, state, sample } = create();
  run(100);
  state.now += 600_000;
  for (let i = 0; i < 590; i++)
    watch.observe(sample({ time: state.now - 600_000 + 1000 * i }), state.now);
  run(200);
  expect(told().filter((text) => text.includes('clock'))).toEqual([]);
});

test('0 switches a condition off', () => {
  const off = create({
    stuckAfterMs: 0,
    silentFactor: 0,
    lateShare: 0,
    duplicateShare: 0,
    clockJumpMs: 0,
    clockSkewMs: 0,
  });
  off.run(100);
  off.run(2000, () => ({ value: 1 }));
  off.run(2000, () => ({ value: 1, time: T0 }));
  off.watch.tick(off.state.now + 1e9);
  expect(off.told()).toEqual([]);
});

test('drop() ends what held of the asset; channels beyond the limit are counted only', () => {
  const { watch, run, told, state, sample } = create({}, 2);
  run(100);
  watch.refuseUnit(sample({ unit: 'x' }), state.now);
  watch.observe(sample({ asset: 'pump' }), state.now);
  watch.observe(sample({ asset: 'fan' }), state.now);
  expect(watch.snapshot()).toMatchObject({ samples: 102, unwatched: 1, watchedChannels: 2 });
  told();
  watch.drop('press', state.now);
  expect(told()).toEqual(['cleared unit-refused']);
  watch.observe(sample({ asset: 'fan' }), state.now);
  expect(watch.snapshot()).toMatchObject({ unwatched: 1, watchedChannels: 2, activeConditions: 0 });
});

test('whatever arrives, conditions are raised and cleared in turn and counters keep their sum', () => {
  const step = fc.record({
    asset: fc.constantFrom('press', 'pump'),
    channel: fc.constantFrom('a', 'b'),
    time: fc.oneof(
      fc.integer({ min: -2000, max: 2000 }),
      fc.integer({ min: -1e9, max: 1e9 }),
      fc.constant(0),
    ),
    value: fc.constantFrom(1, 2),
    passedMs: fc.oneof(fc.nat({ max: 2000 }), fc.nat({ max: 1e6 })),
    historical: fc.boolean(),
    refused: fc.integer({ min: 0, max: 30 }).map((n) => n === 0),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 400, size: 'max' }), (steps) => {
      const { watch, events } = create({ stuckAfterMs: 1000, stuckAfterSamples: 5 });
      let now = T0;
      for (const { passedMs, time, refused, ...rest } of steps) {
        now += passedMs;
        const sample = { ...rest, time: now + time, unit: 'x' };
        if (refused) watch.refuseUnit(sample, now);
        else watch.observe(sample, now);
        watch.tick(now);
      }
      const holding = new Set<string>();
      for (const { kind, code, asset, channel } of events) {
        const key = `${code} ${asset} ${channel}`;
        expect(holding.has(key)).toBe(kind === 'cleared');
        if (kind === 'raised') holding.add(key);
        else holding.delete(key);
      }
      expect(watch.active()).toHaveLength(holding.size);
      const { samples, unitsRefused, late, duplicates } = watch.snapshot();
      expect(samples + unitsRefused).toBe(steps.length);
      expect(late + duplicates).toBeLessThanOrEqual(samples);
      watch.drop('press', now);
      watch.drop('pump', now);
      expect(watch.active()).toEqual([]);
    }),
  );
});
