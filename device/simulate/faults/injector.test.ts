import { parseTelemetry } from '@dandan/shared/wire';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { SentSample, TimedMessage, Truth } from './fault.ts';
import { createInjector, type InjectorOptions } from './injector.ts';
import type { FaultPlan } from './plan.ts';

const START = 1_767_592_800_000;
const PLACE = { site: 'osaka', gateway: 'line-1' };

/** `count` moments, 10 s apart, of two channels of three assets. */
function samples(count: number): SentSample[] {
  return Array.from({ length: count * 6 }, (_, i) => {
    const time = START + Math.floor(i / 6) * 10_000;
    const asset = `press-${Math.floor(i / 2) % 3}`;
    const channel = i % 2 === 0 ? 'flow' : 'pressure';
    return { asset, channel, time, value: Math.sin(i) * 10, sentAt: time };
  });
}

function inject(plan: FaultPlan, options: Partial<InjectorOptions> & { count?: number } = {}) {
  const truths: Truth[] = [];
  const injector = createInjector({
    ...PLACE,
    plan,
    seed: 1,
    tell: (truth) => truths.push(truth),
    ...options,
  });
  const messages: TimedMessage[] = [];
  for (const sample of samples(options.count ?? 200)) messages.push(...injector.push(sample));
  messages.push(...injector.end());
  return { messages, truths };
}

const key = ({ topic, payload }: TimedMessage) => `${topic} ${Buffer.from(payload)}`;

function read({ asset, payload }: TimedMessage) {
  return parseTelemetry({ asset, channel: undefined, payload, receivedAt: 0 });
}

const share = fc.double({ min: 0, max: 1, noNaN: true });
const spell = fc.record({
  share: fc.double({ min: 0, max: 0.9, noNaN: true }),
  meanMs: fc.integer({ min: 1, max: 600_000 }),
});
const plans: fc.Arbitrary<FaultPlan> = fc.record(
  {
    drop: share,
    duplicate: share,
    garbage: share,
    retained: share,
    noise: share,
    gap: spell,
    stuck: spell,
    unit: spell,
    outage: fc.record({
      share: fc.double({ min: 0, max: 0.9, noNaN: true }),
      meanMs: fc.integer({ min: 1, max: 600_000 }),
      keeps: fc.boolean(),
    }),
    reorderMs: fc.integer({ min: 0, max: 60_000 }),
    latency: fc.record({ meanMs: fc.nat(5000), jitterMs: fc.nat(5000) }),
    skew: fc.array(
      fc.record({
        assets: fc.constantFrom('*', 'press-1', 'press-*', 'other'),
        kind: fc.constantFrom('constant' as const, 'drift' as const, 'jump' as const),
        amount: fc.integer({ min: -1e9, max: 1e9 }),
        afterMs: fc.nat(3_600_000),
      }),
      { maxLength: 3 },
    ),
  },
  { requiredKeys: [] },
);

test('a seed fixes every byte, whatever faults are combined', () => {
  fc.assert(
    fc.property(plans, fc.nat(), (plan, seed) => {
      const [first, second] = [1, 2].map(() => inject(plan, { seed, count: 30 }));
      expect(first).toEqual(second);
    }),
    { numRuns: 60 },
  );
});

test('messages leave in order, and none before its samples', () => {
  fc.assert(
    fc.property(plans, (plan) => {
      const { messages } = inject({ ...plan, skew: [] }, { count: 30 });
      for (const [i, { sentAt, time }] of messages.entries()) {
        expect(sentAt).toBeGreaterThanOrEqual(time);
        if (i > 0) expect(sentAt).toBeGreaterThanOrEqual(messages[i - 1].sentAt);
      }
    }),
    { numRuns: 60 },
  );
});

test('without faults every sample arrives once, in its message, at its time', () => {
  const { messages, truths } = inject({});
  expect(truths).toEqual([]);
  expect(messages).toHaveLength(600);
  expect(messages.flatMap(read)).toEqual(samples(200).map(({ sentAt, ...sample }) => sample));
  expect(messages[0].topic).toBe('dandan/osaka/line-1/telemetry/press-0');
});

test.each(['channel', 'number'] as const)('the shape %s has one message a sample', (shape) => {
  const { messages } = inject({}, { shape, count: 1 });
  expect(messages).toHaveLength(6);
  expect(messages[1].topic).toBe('dandan/osaka/line-1/telemetry/press-0/pressure');
  const [sample] = parseTelemetry({
    asset: 'press-0',
    channel: 'pressure',
    payload: messages[1].payload,
    receivedAt: 7,
  });
  expect(sample.value).toBe(samples(1)[1].value);
  expect(sample.time).toBe(shape === 'number' ? 7 : START);
});

test('a fault that is added leaves the choices of the others as they were', () => {
  const dropped = ({ truths }: ReturnType<typeof inject>) =>
    truths.filter(({ fault }) => fault === 'drop').map(({ from, asset }) => `${asset}@${from}`);
  const alone = inject({ drop: 0.1 });
  expect(dropped(alone).length).toBeGreaterThan(30);
  expect(dropped(inject({ drop: 0.1, duplicate: 0.5, noise: 1, reorderMs: 5000 }))).toEqual(
    dropped(alone),
  );
});

test('the truth accounts for every message lost, doubled or added', () => {
  const { messages, truths } = inject({ drop: 0.1, duplicate: 0.1, garbage: 0.05, retained: 0.1 });
  const count = (fault: string) => truths.filter((truth) => truth.fault === fault).length;
  const whole = inject({}).messages;
  expect(messages).toHaveLength(
    whole.length - count('drop') + count('duplicate') + count('garbage'),
  );
  const lost = new Set(
    truths.filter(({ fault }) => fault === 'drop').map(({ asset, from }) => `${asset}@${from}`),
  );
  const arrived = new Set(messages.filter(({ samples }) => samples > 0).map(key));
  for (const message of whole) {
    expect(arrived.has(key(message))).toBe(!lost.has(`${message.asset}@${message.sentAt}`));
  }
  // A retained message may come twice, or not at all.
  expect(messages.some(({ retain }) => retain)).toBe(true);
});

test('no garbage is telemetry', () => {
  const { messages } = inject({ garbage: 1 }, { count: 100 });
  const garbage = messages.filter((message) => message.samples === 0);
  expect(garbage).toHaveLength(300);
  for (const message of garbage) expect(() => read(message)).toThrow();
});

test('an outage loses what is sent in it, or keeps it until its end', () => {
  const outage = { share: 0.3, meanMs: 60_000 };
  const lost = inject({ outage: { ...outage, keeps: false } });
  const kept = inject({ outage: { ...outage, keeps: true } });
  const spells = lost.truths.map(({ from, until = 0 }) => [from, until]);
  expect(spells.length).toBeGreaterThan(5);
  const inside = ({ time }: TimedMessage) =>
    spells.some(([from, until]) => time >= from && time < until);
  expect(lost.messages.some(inside)).toBe(false);
  expect(kept.messages).toHaveLength(600);
  const late = kept.messages.filter(inside);
  expect(late).toHaveLength(600 - lost.messages.length);
  for (const { sentAt } of late) expect(spells.some(([, until]) => until === sentAt)).toBe(true);
});

test('a gap silences one channel for exactly the time told', () => {
  const { messages, truths } = inject({ gap: { share: 0.2, meanMs: 120_000 } });
  const silent = (asset: string, channel: string, time: number) =>
    truths.some(
      (truth) =>
        truth.asset === asset &&
        truth.channel === channel &&
        time >= truth.from &&
        time < (truth.until ?? 0),
    );
  const seen = new Set(
    messages.flatMap(read).map(({ asset, channel, time }) => `${asset}/${channel}@${time}`),
  );
  let gaps = 0;
  for (const { asset, channel, time } of samples(200)) {
    const expected = !silent(asset, channel, time);
    if (!expected) gaps++;
    expect(seen.has(`${asset}/${channel}@${time}`)).toBe(expected);
  }
  expect(gaps / 1200).toBeGreaterThan(0.08);
  expect(gaps / 1200).toBeLessThan(0.35);
});

test('a stuck channel repeats the value before, a wrong unit converts it', () => {
  const stuck = inject({ stuck: { share: 0.3, meanMs: 100_000 } });
  expect(stuck.truths.length).toBeGreaterThan(5);
  for (const { asset, channel, from, until = 0, amount } of stuck.truths) {
    const during = stuck.messages
      .flatMap(read)
      .filter((sample) => sample.asset === asset && sample.channel === channel)
      .filter(({ time }) => time >= from && time < until);
    expect(during.length).toBeGreaterThan(0);
    for (const { value } of during) expect(value).toBe(amount);
  }
  const unit = inject(
    { unit: { share: 0.3, meanMs: 100_000 } },
    { units: new Map([['pressure', 'bar']]) },
  );
  expect(new Set(unit.truths.map(({ channel, detail }) => `${channel} ${detail}`))).toEqual(
    new Set(['pressure psi', 'flow milli']),
  );
});

test('skews move the times of the assets they name, and no others', () => {
  const { messages, truths } = inject({
    skew: [
      { assets: 'press-0', kind: 'constant', amount: 5000 },
      { assets: 'press-1', kind: 'drift', amount: 3600 },
      { assets: '*-1', kind: 'jump', amount: -60_000, afterMs: 1_000_000 },
    ],
  });
  expect(truths.map(({ asset, amount, detail, from }) => [asset, amount, detail, from])).toEqual([
    ['press-0', 5000, 'constant', START],
    ['press-1', 3600, 'drift', START],
    ['press-1', -60_000, 'jump', START + 1_000_000],
  ]);
  for (const { asset, time, sentAt } of messages) {
    const since = sentAt - START;
    const drift = Math.round(since / 1000);
    const expected = { 'press-0': 5000, 'press-1': drift - (since >= 1_000_000 ? 60_000 : 0) };
    expect(time - sentAt).toBe(expected[asset as keyof typeof expected] ?? 0);
  }
});

test('reordered messages overtake each other within the time given', () => {
  const { messages } = inject({ reorderMs: 30_000 });
  expect(messages).toHaveLength(600);
  const late = messages.map(({ sentAt, time }) => sentAt - time);
  expect(Math.max(...late)).toBeLessThanOrEqual(30_000);
  expect(messages.some(({ time }, i) => i > 0 && time < messages[i - 1].time)).toBe(true);
});

test('noise has the deviation asked for', () => {
  const { messages } = inject({ noise: 0.5 }, { count: 500 });
  const clean = new Map(
    samples(500).map(({ asset, channel, time, value }) => [`${asset}${channel}${time}`, value]),
  );
  const errors = messages
    .flatMap(read)
    .map(({ asset, channel, time, value }) => value - clean.get(`${asset}${channel}${time}`)!);
  const deviation = Math.sqrt(errors.reduce((sum, error) => sum + error * error, 0) / 3000);
  // A sine of 10 has a deviation of 7.07; half of it is asked for.
  expect(deviation).toBeGreaterThan(3.2);
  expect(deviation).toBeLessThan(3.8);
});

test.each<[FaultPlan, string]>([
  [{ drop: 1.1 }, 'drop'],
  [{ garbage: Number.NaN }, 'garbage'],
  [{ stuck: { share: 0.99, meanMs: 1 } }, 'stuck'],
  [{ outage: { share: 0.5, meanMs: 0, keeps: true } }, 'outage length'],
  [{ reorderMs: 1e9 }, 'reorder'],
  [{ skew: [{ assets: '*', kind: 'jump', amount: 1e15 }] }, 'skew'],
])('a plan of %j is refused', (plan, field) => {
  expect(() => inject(plan)).toThrow(expect.objectContaining({ code: 'option-invalid', field }));
});
