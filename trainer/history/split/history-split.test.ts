import type { TelemetrySpec } from '@dandan/shared/features';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { NodePlaces } from '../../graph/graph-data.ts';
import type { SplitChoices } from '../project/index.ts';
import { projectSchema } from '../project/index.ts';
import type { Run } from '../telemetry.ts';
import { type HistorySplitOptions, historySplit, leakage } from './index.ts';

const SPEC: TelemetrySpec = {
  kind: 'telemetry',
  channels: [{ name: 'vibration', unit: 'mm/s' }],
  statistics: ['mean'],
  windowMs: 3000,
  strideMs: 1000,
};

const { windowMs: _, strideMs: __, ...COMMON } = SPEC;
const COUNTING: TelemetrySpec = { ...COMMON, windowSamples: 6, strideSamples: 2 };

const DEFAULTS: SplitChoices = projectSchema.parse({
  model: 'm',
  telemetry: [{ files: 'a.csv' }],
}).split;

const CLASSES = ['normal', 'wear', 'leak'];

interface Made {
  readonly places: NodePlaces;
  readonly labels: Int32Array;
}

/** Runs of two machines whose windows have the class that `classAt` says. */
function history(
  runs: readonly Run[],
  length: number,
  classAt: (run: number, step: number, asset: number) => number,
): Made {
  const nodes = runs.flatMap((_, run) =>
    Array.from({ length }, (_, step) => [0, 1].map((asset) => ({ run, step, asset }))).flat(),
  );
  return {
    places: {
      assets: ['press', 'oven'],
      kinds: [undefined, undefined],
      runs: runs.map(({ name }) => name),
      asset: Int32Array.from(nodes, ({ asset }) => asset),
      run: Int32Array.from(nodes, ({ run }) => run),
      time: Float64Array.from(nodes, ({ step }) => step * 1000),
    },
    labels: Int32Array.from(nodes, ({ run, step, asset }) => classAt(run, step, asset)),
  };
}

function splitOf(
  made: Made,
  split: Partial<SplitChoices> = {},
  more: Partial<HistorySplitOptions> = {},
) {
  return historySplit({
    ...made,
    spec: SPEC,
    classes: CLASSES,
    normal: 'normal',
    split: { ...DEFAULTS, ...split },
    seed: 1,
    ...more,
  });
}

const named = (count: number, set?: Run['set']): Run[] =>
  Array.from({ length: count }, (_, i) => ({ name: `${set ?? 'run'}-${i}`, set }));

/** Every run has an incident of each kind. */
const everyClass = (_: number, step: number) => (step % 20 < 10 ? 0 : step % 40 < 20 ? 1 : 2);

const SETS = ['train', 'validation', 'test', 'unlabelled'] as const;

function runsOf({ places }: Made, nodes: Int32Array): string[] {
  return [...new Set(Array.from(nodes, (node) => places.runs[places.run[node]]))].sort();
}

test('historySplit() gives whole runs to sets by their shares', () => {
  const made = history(named(20), 40, everyClass);
  const { split, notes } = splitOf(made);
  const runs = SETS.map((set) => runsOf(made, split[set]));
  expect(runs.map(({ length }) => length)).toEqual([8, 4, 4, 4]);
  expect(new Set(runs.flat()).size).toBe(20);
  expect(split.unseen).toHaveLength(8 * 80);
  expect(notes).toEqual([]);
  expect(leakage({ split, places: made.places, spec: SPEC }).warnings).toEqual([]);
});

test('historySplit() keeps to what the files say of a run', () => {
  const runs = [...named(6, 'train'), ...named(4, 'test')];
  const made = history(runs, 40, everyClass);
  const { split } = splitOf(made, {}, { runs });
  const from = (set: (typeof SETS)[number]) => runsOf(made, split[set]).map((n) => n.split('-')[0]);
  expect(from('train')).toEqual(['train', 'train', 'train', 'train']);
  expect(from('validation')).toEqual(['train', 'train']);
  expect(from('test')).toEqual(['test', 'test']);
  expect(from('unlabelled')).toEqual(['test', 'test']);
});

test('historySplit() takes a validation set as it is given, and makes a test set where none is', () => {
  const runs = [...named(8, 'train'), ...named(2, 'validation')];
  const made = history(runs, 40, everyClass);
  const { split } = splitOf(made, {}, { runs });
  expect(runsOf(made, split.validation)).toEqual(['validation-0', 'validation-1']);
  expect(runsOf(made, split.test)).toHaveLength(2);
  expect([...split.test, ...split.unlabelled].every((n) => made.places.run[n] < 8)).toBe(true);
});

test('historySplit() deals runs without a word beside those with one', () => {
  const runs = [...named(4, 'train'), ...named(10)];
  const made = history(runs, 40, everyClass);
  const { split } = splitOf(made, {}, { runs });
  expect(runsOf(made, split.test).every((name) => name.startsWith('run'))).toBe(true);
  expect(runsOf(made, split.train).some((name) => name.startsWith('run'))).toBe(true);
});

test('historySplit() cuts a single run into blocks between incidents', () => {
  const made = history([{ name: '' }], 2000, (_, step) =>
    step % 100 < 60 ? 0 : step % 200 < 100 ? 1 : 2,
  );
  const { split, blocks, notes } = splitOf(made);
  expect(notes[0]).toMatch(
    /^There is one run for 4 sets: the history is cut into \d+ blocks of time\.$/,
  );
  expect(notes.join(' ')).not.toMatch(/incidents/);
  // No incident is in two blocks.
  const { time, asset } = made.places;
  for (let node = 2; node < time.length; node++) {
    expect(asset[node]).toBe(asset[node - 2]);
    const same = made.labels[node] === made.labels[node - 2] && made.labels[node] !== 0;
    if (same) expect(blocks[node]).toBe(blocks[node - 2]);
  }
  for (const set of ['train', 'validation', 'test'] as const) {
    expect(new Set(Array.from(split[set], (node) => made.labels[node])).size).toBe(3);
  }
  expect(leakage({ split, places: made.places, spec: SPEC }).overlaps).toEqual([]);
});

test('historySplit() cuts through incidents that never end, and says so', () => {
  const made = history([{ name: 'a' }, { name: 'b' }], 2000, (run) => run + 1);
  const { split, notes } = splitOf(made);
  expect(notes[0]).toMatch(/^There are 2 runs for 4 sets: runs are cut/);
  expect(notes.join(' ')).toMatch(/\d+ incidents lie across a border of blocks/);
  expect(notes).toContain('No window is labelled normal.');
  expect(new Set(Array.from(split.test, (node) => made.labels[node]))).toEqual(new Set([1, 2]));
});

test('historySplit() cuts runs where most classes have too few of them', () => {
  const made = history(named(6), 400, (run) => run % 3);
  expect(splitOf(made).notes[0]).toMatch(
    /^Fewer than 4 runs have normal, wear, and leak: runs are/,
  );
});

test('historySplit() finds every class where each has one run to learn from and one to be tested on', () => {
  const classes = Array.from({ length: 22 }, (_, c) => `fault-${c}`);
  const runs = [...named(22, 'train'), ...named(22, 'test')];
  const made = history(runs, 480, (run, step) => (run >= 22 && step < 160 ? 0 : run % 22));
  const { split, notes } = splitOf(
    made,
    { labelsPerClass: 10 },
    { runs, classes, normal: 'fault-0' },
  );
  for (const set of ['train', 'validation', 'test'] as const) {
    expect(new Set(Array.from(split[set], (node) => made.labels[node])).size).toBe(22);
  }
  expect(split.train).toHaveLength(220);
  expect(new Set(Array.from(split.unlabelled, (node) => made.labels[node])).size).toBe(22);
  expect(runsOf(made, split.test).every((name) => name.startsWith('test'))).toBe(true);
  expect(notes.filter((note) => note.includes('is not in'))).toEqual([]);
  const found = leakage({ split, places: made.places, spec: SPEC });
  expect(found.overlaps).toEqual([]);
  expect(
    found.straddling.every(({ sets }) => !(sets.includes('train') && sets.includes('test'))),
  ).toBe(true);
});

test('historySplit() keeps runs whole for one rare class, and names it', () => {
  const made = history(named(12), 40, (run, step) =>
    run < 2 && step > 30 ? 2 : step > 20 ? 1 : 0,
  );
  const { notes, split } = splitOf(made);
  expect(notes).toEqual(['The class leak is not in validation: 2 of 12 runs or blocks have it.']);
  expect(leakage({ split, places: made.places, spec: SPEC }).straddling).toEqual([]);
});

test('historySplit() takes the length of blocks as given', () => {
  const made = history([{ name: '' }], 400, everyClass);
  const { blocks } = splitOf(made, { blockMs: 40_000 });
  expect(Array.from(blocks)).toEqual(
    Array.from(made.places.time, (time) => Math.floor(time / 40_000)),
  );
});

test('historySplit() draws labels of every class from as many runs as there are', () => {
  const made = history(named(20), 40, everyClass);
  const { split } = splitOf(made, { labelsPerClass: 8, validationPerClass: 3 });
  for (const label of CLASSES.keys()) {
    const of = (nodes: Int32Array) => nodes.filter((node) => made.labels[node] === label);
    expect(of(split.validation)).toHaveLength(3);
    expect(of(split.train)).toHaveLength(8);
    expect(runsOf(made, of(split.train))).toHaveLength(8);
  }
  const other = splitOf(made, { labelsPerClass: 8 }, { seed: 2 });
  expect(other.split.train).not.toEqual(split.train);
});

test('historySplit() says which class has fewer labels than asked for', () => {
  const made = history(named(20), 40, (_, step) => (step === 39 ? 2 : step > 20 ? 1 : 0));
  expect(splitOf(made, { labelsPerClass: 17 }).notes).toEqual([
    'The class leak has 16 labelled windows to learn from, 17 were asked for.',
  ]);
});

test.each<[string, Partial<SplitChoices>, string]>([
  ['shares of everything', { validation: 0.3, calibration: 0.3, test: 0.4 }, 'split.validation'],
  ['blocks shorter than two windows', { blockMs: 5999 }, 'split.blockMs'],
])('historySplit() refuses %s', (_, split, field) => {
  const made = history([{ name: '' }], 100, everyClass);
  expect(() => splitOf(made, split)).toThrow(
    expect.objectContaining({ code: 'option-invalid', field: expect.stringContaining(field) }),
  );
});

test.each<[string, (step: number) => number, Partial<SplitChoices>, string]>([
  ['without labels', () => -1, {}, 'split.train'],
  ['with labels in one place', (step) => (step < 3 ? 1 : -1), {}, 'split.validation'],
  ['without a validation set', () => 1, { validation: 0 }, 'split.validation'],
])('historySplit() refuses a history %s', (_, classAt, split, field) => {
  const made = history(named(8), 40, (run, step) => (run === 0 ? classAt(step) : -1));
  expect(() => splitOf(made, split)).toThrow(
    expect.objectContaining({ code: 'data-invalid', field }),
  );
});

test('historySplit() goes on without test or calibration, and says so', () => {
  const made = history(named(8), 40, everyClass);
  const { split, notes } = splitOf(made, { test: 0, calibration: 0 });
  expect(split.unseen).toHaveLength(0);
  expect(notes).toEqual([
    'No labelled window is left to test on.',
    'No window is left to calibrate the thresholds.',
  ]);
});

const anyHistory = fc.record({
  runs: fc.integer({ min: 1, max: 9 }),
  length: fc.integer({ min: 60, max: 300 }),
  seed: fc.integer({ min: 1, max: 1000 }),
  period: fc.integer({ min: 2, max: 50 }),
  spec: fc.constantFrom(SPEC, COUNTING),
  unlabelled: fc.nat({ max: 3 }),
  labelsPerClass: fc.option(fc.integer({ min: 1, max: 20 }), { nil: undefined }),
  blockMs: fc.option(fc.integer({ min: 6000, max: 40_000 }), { nil: undefined }),
  sets: fc.array(fc.constantFrom<Run['set']>(undefined, 'train', 'validation', 'test'), {
    minLength: 9,
    maxLength: 9,
  }),
});

test('historySplit() never divides a block, never lets sets share a reading, never shows what is held back', () => {
  let checked = 0;
  fc.assert(
    fc.property(
      anyHistory,
      ({ runs: count, length, seed, period, unlabelled, sets, spec, ...choices }) => {
        const runs = named(count).map(({ name }, i) => ({
          name,
          set: i === 0 ? undefined : sets[i],
        }));
        const made = history(runs, length, (run, step, asset) => {
          const block = Math.floor((step + 7 * asset) / period) + run;
          return block % 4 < unlabelled && step % 2 === 0 ? -1 : block % 3;
        });
        let result: ReturnType<typeof historySplit>;
        try {
          result = splitOf(made, choices, { runs, seed, spec });
        } catch (error) {
          expect(error).toMatchObject({ code: 'data-invalid' });
          return;
        }
        checked++;
        const { split, blocks, notes } = result;
        // One expectation for all nodes: each takes longer than the split.
        const wrong: string[] = [];
        const setOf = new Map<number, string>();
        const ofBlock = new Map<number, string>();
        for (const set of SETS) {
          expect(split[set]).toEqual(split[set].toSorted());
          for (const node of split[set]) {
            if (setOf.has(node)) wrong.push(`${node} is in two sets`);
            setOf.set(node, set);
            if ((ofBlock.get(blocks[node]) ?? set) !== set) wrong.push(`${node} divides its block`);
            ofBlock.set(blocks[node], set);
            const wanted = runs[made.places.run[node]].set;
            if (wanted === 'test' && !['test', 'unlabelled'].includes(set))
              wrong.push(`${node}: ${set}`);
            if (wanted === 'validation' && set !== wanted) wrong.push(`${node}: ${set}`);
            if (set !== 'unlabelled' && made.labels[node] < 0) wrong.push(`${node} has no label`);
          }
        }
        const unseen = new Set(split.unseen);
        for (const [node, set] of setOf) {
          if (unseen.has(node) !== (set === 'test' || set === 'unlabelled'))
            wrong.push(`${node} is seen`);
        }
        expect(wrong).toEqual([]);
        const found = leakage({ split, places: made.places, spec });
        expect(found.overlaps).toEqual([]);
        if (!notes.some((note) => note.includes('cut into'))) expect(found.straddling).toEqual([]);
        expect(splitOf(made, choices, { runs, seed, spec })).toEqual(result);
      },
    ),
    { numRuns: 50 },
  );
  expect(checked).toBeGreaterThan(10);
});
