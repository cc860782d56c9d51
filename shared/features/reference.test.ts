import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type CountWindowSpec,
  createRowAssembler,
  type FeatureRow,
  featureSpecSchema,
  hasCountWindows,
  type RowAssembler,
  type Sample,
  type TelemetrySpec,
  type TimeWindowSpec,
  windowStatistic,
} from './index.ts';
import { richSpec, rowBits, stream } from './testing/streams.ts';

const SPEC: TimeWindowSpec = {
  kind: 'telemetry',
  channels: [
    { name: 'a', unit: 'V' },
    { name: 'b', unit: 'K' },
  ],
  statistics: ['last', 'mean', 'minimum', 'maximum', 'deviation', 'slope', 'rms'],
  windowMs: 1000,
  strideMs: 1000,
  reference: { samples: 4 },
};
const LAST: TimeWindowSpec = { ...SPEC, statistics: ['last'] };

const reading = (time: number, value: number, channel = 'a', asset = 'pump'): Sample => ({
  asset,
  channel,
  time,
  value,
});
const feed = (assembler: RowAssembler, samples: readonly Sample[]) =>
  samples.flatMap((sample) => assembler.push(sample));
const text = (rows: readonly FeatureRow[]) =>
  rows.map(({ time, values }) => `${time}: ${values.join(' ')}`);
const throughJson = (assembler: RowAssembler) => JSON.parse(JSON.stringify(assembler.snapshot()));

/** Mean 5, deviation 2: of 3, 3, 7, 7. */
const BEGINNING = [3, 7, 3, 7].map((value, i) => reading(100 + i * 200, value));

test('columns are in units of the beginning, each in its own way', () => {
  const assembler = createRowAssembler({ ...SPEC, channels: [SPEC.channels[0]] });
  const rows = feed(assembler, [
    ...BEGINNING,
    ...[9, 13].map((value, i) => reading(1400 + i * 500, value)),
    reading(2500, 0),
  ]);
  // Without a reference: 7, 5, 3, 7, 2, 4 and √29; then 13, 11, 9, 13, 2, 8 and √125.
  const rms = Math.fround(Math.sqrt((2 * 2 + 4 * 4) / 2));
  expect(rows.map(({ time }) => time)).toEqual([2000]);
  expect([...rows[0].values]).toEqual([4, 3, 2, 4, 1, 4, rms]);
});

test('a mean far from 0 costs no digit: columns are rounded to float32 once', () => {
  const assembler = createRowAssembler({ ...LAST, channels: [SPEC.channels[0]] });
  const [row] = feed(assembler, [
    ...BEGINNING.map((own) => ({ ...own, value: 1e9 + own.value })),
    reading(1500, 1e9 + 6),
    reading(2500, 0),
  ]);
  expect([...row.values]).toEqual([0.5]);
});

test('numbers without the unit of the channel stay what they are', () => {
  const statistics = ['kurtosis', 'crest', 'sinceChange'] as const;
  const { reference: _, ...plain } = { ...SPEC, statistics: [...statistics] };
  const samples = Array.from({ length: 40 }, (_, i) => reading(i * 130, (i * i) % 11));
  const rows = feed(createRowAssembler({ ...plain, reference: { samples: 8 } }), samples);
  const without = feed(createRowAssembler(plain), samples);
  expect(rows.length).toBeGreaterThan(2);
  expect(rowBits(rows)).toEqual(rowBits(without.slice(-rows.length)));
});

test('bands are levels over the deviation of the beginning', () => {
  const bands = [{ fromHz: 0, toHz: 5 }];
  const channels = [{ name: 'a', unit: 'V', bands, sampleMs: 100, statistics: [] }];
  const { reference: _, ...plain } = { ...SPEC, channels };
  const samples = [
    ...[3, 7, 3, 7].map((value, i) => reading((i + 1) * 100, value)),
    ...Array.from({ length: 30 }, (_, i) => reading((i + 5) * 100, (i * 7) % 5)),
  ];
  const [row] = feed(createRowAssembler({ ...plain, reference: { samples: 4 } }), samples);
  const [same] = feed(createRowAssembler(plain), samples);
  expect(row.time).toBe(same.time);
  expect(row.values[0]).toBeCloseTo(same.values[0] / 2, 6);
  expect(row.values[0]).toBeGreaterThan(0.1);
});

test('a channel that stood still in the beginning is told in its own unit, from where it stood', () => {
  const assembler = createRowAssembler({ ...SPEC, channels: [SPEC.channels[0]] });
  const still = BEGINNING.map((own) => ({ ...own, value: 0.1 }));
  const [row] = feed(assembler, [...still, reading(1500, 2.1), reading(2500, 0)]);
  expect([...row.values]).toEqual([2, 2, 2, 2, 0, 0, 2]);
});

test('an asset has no row before every channel that has spoken has its readings', () => {
  const assembler = createRowAssembler(LAST);
  const early = feed(assembler, [
    reading(50, 1, 'b'),
    ...BEGINNING,
    ...[2, 3].flatMap((i) => [reading(i * 1000 - 500, 5), reading(i * 1000 - 400, i, 'b')]),
    reading(4500, 9),
  ]);
  expect(early).toEqual([]);
  expect(assembler.flush(9e9)).toEqual([]);
  // The fourth of b; its mean is 2.5, its deviation √1.25.
  const rows = feed(assembler, [reading(4600, 4, 'b'), reading(5500, 9)]);
  expect(text(rows)).toEqual([`5000: 2 ${Math.fround(1.5 / Math.sqrt(1.25))}`]);
});

test('a channel that first speaks later is missing until it has its readings, and holds nothing back', () => {
  const spec: TelemetrySpec = {
    ...LAST,
    channels: [SPEC.channels[0], { name: 'b', unit: 'K', holdMs: 60_000 }],
    missing: 'indicate',
  };
  const assembler = createRowAssembler(spec);
  const rows = feed(assembler, [
    ...BEGINNING,
    ...[1, 2, 3, 4].flatMap((i) => [reading(i * 1000 + 500, 9), reading(i * 1000 + 600, 2, 'b')]),
    reading(5500, 9),
    reading(6500, 9),
  ]);
  expect(text(rows)).toEqual([
    '2000: 2 0 NaN 1',
    '3000: 2 0 NaN 1',
    '4000: 2 0 NaN 1',
    '5000: 2 0 0 0',
    '6000: 2 0 0 0',
  ]);
});

test('a window with readings of such channels alone has no row, and a flush of it changes nothing', () => {
  for (const spec of [
    LAST,
    { ...LAST, windowMs: undefined, strideMs: undefined, windowSamples: 2, strideSamples: 1 },
  ] as TelemetrySpec[]) {
    const assembler = createRowAssembler(spec);
    feed(assembler, [...BEGINNING, reading(1500, 9)]);
    expect(assembler.flush(2000).length).toBe(1);
    feed(
      assembler,
      [2100, 2900, 3700].map((time) => reading(time, 1, 'b')),
    );
    const before = throughJson(assembler);
    expect(assembler.flush(9e9)).toEqual([]);
    expect(throughJson(assembler)).toEqual(before);
    const rows = feed(assembler, [reading(3800, 1), reading(6800, 1)]);
    expect(text(rows).at(-1)).toMatch(/^(4000|3800): -2 NaN$/);
  }
});

test('a reading sent twice, or too late for its windows, counts once or not at all', () => {
  const assembler = createRowAssembler({ ...LAST, channels: [SPEC.channels[0]] });
  feed(
    assembler,
    BEGINNING.slice(0, 3).flatMap((own) => [own, own, { ...own, value: 99 }]),
  );
  const counted = () => throughJson(assembler).assets[0].reference.channels[0][0];
  expect(counted()).toBe(3);
  feed(assembler, [reading(5000, 7), reading(100, 8), reading(5000, 50), reading(5500, 9)]);
  expect(counted()).toBe(4);
  expect(text(assembler.push(reading(6500, 1)))).toEqual(['6000: 2']);
});

test('a clock that is set back leaves the beginning as it is; an asset that is dropped begins anew', () => {
  const assembler = createRowAssembler({ ...LAST, channels: [SPEC.channels[0]] });
  feed(
    assembler,
    BEGINNING.map((own) => ({ ...own, time: own.time + 1e9 })),
  );
  const beginning = throughJson(assembler).assets[0].reference;
  const back = Array.from({ length: 40 }, (_, i) => reading(i * 100, 9));
  const rows = feed(assembler, back);
  expect(assembler.counters().clockJumps).toBe(1);
  expect(rows.at(-1)?.values[0]).toBe(2);
  expect(throughJson(assembler).assets[0].reference).toEqual(beginning);
  assembler.drop('pump');
  feed(assembler, back.slice(0, 3));
  expect(throughJson(assembler).assets[0].reference).toEqual({
    hasBegun: false,
    channels: [[3, 9, 0]],
  });
});

test('readings beyond all sensors do not count, so that every snapshot can be read again', () => {
  const spec = { ...LAST, channels: [SPEC.channels[0]] };
  const assembler = createRowAssembler(spec);
  const wild = [1e308, -1e308, 1e150, -1e150, 1e150, -1e150];
  feed(
    assembler,
    wild.map((value, i) => reading(i * 10, value)),
  );
  const snapshot = throughJson(assembler);
  const [[count, mean, squares]] = snapshot.assets[0].reference.channels;
  expect([count, mean]).toEqual([4, 0]);
  expect(squares / 4e300).toBeCloseTo(1);
  const [row] = feed(createRowAssembler(spec, { snapshot }), [reading(999, 0), reading(2001, 0)]);
  expect([...row.values]).toEqual([0]);
});

test('differences from upstream are of referenced columns', () => {
  const spec: TelemetrySpec = {
    ...LAST,
    channels: [SPEC.channels[0]],
    upstream: { assets: { fan: ['pump'] }, columns: [{ channel: 'a', statistic: 'last' }] },
  };
  const assembler = createRowAssembler(spec);
  // The fan's mean is 50, its deviation 20.
  const both = [...BEGINNING, reading(1500, 9), reading(2500, 9), reading(3500, 9)].flatMap(
    (own) => [own, { ...own, asset: 'fan', value: own.value * 10 + (own.time > 1000 ? 20 : 0) }],
  );
  const rows = feed(assembler, both).filter(({ asset }) => asset === 'fan');
  expect(text(rows)).toEqual(['2000: 3 1', '3000: 3 1']);
});

/** What a spec with one asset, in the order of time, must give: from all readings at once. */
function definition(spec: TelemetrySpec, samples: readonly Sample[]): [number, number[]][] {
  const { samples: needed } = spec.reference!;
  const times = [...new Set(samples.map(({ time }) => time))];
  const last = times[times.length - 1];
  const ends: [from: number, to: number][] = [];
  if (hasCountWindows(spec)) {
    const { windowSamples, strideSamples } = spec as CountWindowSpec;
    for (let i = windowSamples; i <= times.length; i += strideSamples) {
      ends.push([times[i - windowSamples - 1] ?? Number.NEGATIVE_INFINITY, times[i - 1]]);
    }
  } else {
    const { windowMs, strideMs } = spec as TimeWindowSpec;
    let due = Math.ceil((times[0] + windowMs) / strideMs) * strideMs;
    for (; due <= last + windowMs; due += strideMs) ends.push([due - windowMs, due]);
  }
  const firstOf = (channel: string, until: number) => {
    const own = samples.filter((each) => each.channel === channel && each.time <= until);
    return own.filter(({ time }, i) => own.findIndex((each) => each.time === time) === i);
  };
  /** Every channel that has spoken, as the readings came one by one. */
  const begun = samples.findIndex((_, i) => {
    const counts = spec.channels.map(({ name }) => {
      const own = samples.slice(0, i + 1).filter(({ channel }) => channel === name);
      return new Set(own.map(({ time }) => time)).size;
    });
    return counts.some((n) => n > 0) && counts.every((n) => n === 0 || n >= needed);
  });
  const begunAt = begun < 0 ? Number.POSITIVE_INFINITY : samples[begun].time;
  return ends.flatMap(([from, to]): [number, number[]][] => {
    if (to < begunAt) return [];
    if (!samples.some(({ time }) => time > from && time <= to)) return [];
    let isEmpty = true;
    const values = spec.channels.flatMap(({ name }) => {
      const first = firstOf(name, to).slice(0, needed);
      const inside = samples.filter(
        ({ channel, time: t }) => channel === name && t > from && t <= to,
      );
      const window = [...new Map(inside.map((own) => [own.time, own.value]))];
      if (first.length < needed || window.length === 0)
        return spec.statistics.map(() => Number.NaN);
      isEmpty = false;
      const mean = first.reduce((sum, { value }) => sum + value, 0) / needed;
      const squares = first.reduce((sum, { value }) => sum + (value - mean) ** 2, 0);
      const scale = Math.sqrt(squares / needed) || 1;
      // Of the readings as referenced, one by one.
      const own = {
        times: window.map(([t]) => t),
        values: window.map(([, value]) => (value - mean) / scale),
      };
      return spec.statistics.map((statistic) => windowStatistic(statistic, own, to));
    });
    return isEmpty ? [] : [[to, values]];
  });
}

test('rows are those of all readings referenced one by one, in windows of both kinds', () => {
  const samples = fc
    .array(
      fc.tuple(
        fc.oneof(
          { weight: 9, arbitrary: fc.nat({ max: 30 }) },
          { weight: 1, arbitrary: fc.nat({ max: 400 }) },
        ),
        fc.constantFrom('a', 'a', 'b'),
        fc.integer({ min: -1000, max: 1000 }),
      ),
      { minLength: 1, maxLength: 80, size: 'max' },
    )
    .map((list) => {
      let time = 0;
      return list.map(([step, channel, value]) => {
        time += step;
        return reading(time, value, channel);
      });
    });
  const lengths = fc
    .tuple(fc.integer({ min: 20, max: 150 }), fc.integer({ min: 20, max: 150 }))
    .map(([x, y]) => [Math.max(x, y), Math.min(x, y)]);
  let rows = 0;
  fc.assert(
    fc.property(
      samples,
      lengths,
      fc.boolean(),
      fc.integer({ min: 2, max: 9 }),
      (list, own, byCount, n) => {
        const { windowMs: _, strideMs: __, ...common } = SPEC;
        const window = byCount
          ? { windowSamples: Math.ceil(own[0] / 10), strideSamples: Math.ceil(own[1] / 10) }
          : { windowMs: own[0], strideMs: own[1] };
        const spec = { ...common, ...window, reference: { samples: n } } as TelemetrySpec;
        const assembler = createRowAssembler(spec);
        const built = [...feed(assembler, list), ...assembler.flush(1e6)];
        const expected = definition(spec, list);
        rows += built.length;
        expect(built.map(({ time }) => time)).toEqual(expected.map(([time]) => time));
        built.forEach(({ values }, i) => {
          expected[i][1].forEach((value, j) => {
            if (Number.isNaN(value)) expect(values[j]).toBeNaN();
            else
              expect(Math.abs(values[j] - value)).toBeLessThan(1e-5 * Math.max(1, Math.abs(value)));
          });
        });
      },
    ),
    { numRuns: 300 },
  );
  expect(rows).toBeGreaterThan(1000);
});

test('a snapshot within the beginning, wherever it is taken, changes no bit of any row', () => {
  const spec = richSpec.filter(({ reference }) => reference !== undefined);
  let within = 0;
  fc.assert(
    fc.property(spec, stream(80), (own, samples) => {
      const whole = createRowAssembler(own);
      let parts = createRowAssembler(own);
      for (const sample of samples) {
        const snapshot = throughJson(parts);
        within += snapshot.assets.filter(
          (asset: { reference: { hasBegun: boolean } }) => !asset.reference.hasBegun,
        ).length;
        parts = createRowAssembler(own, { snapshot });
        expect(rowBits(parts.push(sample))).toEqual(rowBits(whole.push(sample)));
      }
      expect(rowBits(parts.flush(2e12))).toEqual(rowBits(whole.flush(2e12)));
    }),
    { numRuns: 100 },
  );
  expect(within).toBeGreaterThan(1000);
});

test('no row is made of missing alone', () => {
  const spec = richSpec.filter((own) => own.reference !== undefined && own.positions === undefined);
  fc.assert(
    fc.property(spec, stream(150), (own, samples) => {
      const assembler = createRowAssembler({ ...own, missing: undefined });
      const sensible = samples.filter(({ value }) => Number.isFinite(value));
      for (const { values } of [...feed(assembler, sensible), ...assembler.flush(3e12)]) {
        // A band alone is missing where its window is not half full, as without a reference.
        const isBand = own.channels.some(({ bands }) => bands !== undefined);
        expect(isBand || values.some((value) => !Number.isNaN(value))).toBe(true);
      }
    }),
    { numRuns: 150 },
  );
});

test.each<[string, unknown]>([
  ['no samples', {}],
  ['one sample, of which nothing spreads', { samples: 1 }],
  ['too many samples', { samples: 100_001 }],
  ['half a sample', { samples: 2.5 }],
  ['a number alone', 400],
  ['another field', { samples: 400, channels: ['a'] }],
])('featureSpecSchema refuses a reference of %s', (_case, reference) => {
  const issues = featureSpecSchema.safeParse({ ...SPEC, reference }).error?.issues ?? [];
  expect(issues.map(({ path }) => path[0])).toEqual(['reference']);
});

test('featureSpecSchema takes a reference of 2 to 100,000 readings', () => {
  for (const samples of [2, 100_000]) {
    const spec = { ...SPEC, reference: { samples } };
    expect(featureSpecSchema.parse(spec)).toEqual(spec);
  }
});

test.each<[string, (asset: Record<string, unknown>) => void, string]>([
  ['without a reference', (asset) => Reflect.deleteProperty(asset, 'reference'), 'snapshot.assets.0'],
  ['of fewer channels', (asset) => Object.assign(asset, { reference: { hasBegun: true, channels: [[4, 5, 16]] } }), 'snapshot.assets.0'],
  ['of more readings than are counted', (asset) => Object.assign(asset, { reference: { hasBegun: true, channels: [[5, 5, 16], [0, 0, 0]] } }), 'snapshot.assets.0'],
  ['of squares below 0', (asset) => Object.assign(asset, { reference: { hasBegun: true, channels: [[4, 5, -1], [0, 0, 0]] } }), 'snapshot.assets.0.reference.channels.0.2'],
])('createRowAssembler() refuses a snapshot %s', (_case, change, field) => {
  const assembler = createRowAssembler(SPEC);
  feed(assembler, BEGINNING);
  const snapshot = throughJson(assembler);
  change(snapshot.assets[0]);
  expect(() => createRowAssembler(SPEC, { snapshot })).toThrow(
    expect.objectContaining({ code: 'snapshot-invalid', field }),
  );
}); // biome-ignore format: a table

test('a spec without a reference neither keeps one nor takes one', () => {
  const { reference: _, ...plain } = SPEC;
  const assembler = createRowAssembler(plain);
  feed(assembler, BEGINNING);
  const snapshot = throughJson(assembler);
  expect(Object.keys(snapshot.assets[0])).toEqual(['asset', 'latest', 'clock', 'channels', 'due']);
  Object.assign(snapshot.assets[0], {
    reference: {
      hasBegun: false,
      channels: [
        [0, 0, 0],
        [0, 0, 0],
      ],
    },
  });
  expect(() => createRowAssembler(plain, { snapshot })).toThrow('not whole');
  expect(() => createRowAssembler(SPEC, { snapshot: assembler.snapshot() })).toThrow(
    'other windows',
  );
});
