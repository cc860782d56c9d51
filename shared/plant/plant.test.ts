import { expect, test } from 'vitest';
import { createRowAssembler, type Sample } from '../features/index.ts';
import { CHANNELS, SAMPLE_MS, SILENCE_SHARE } from './channels.ts';
import { NORMAL, PLANT_CLASSES } from './faults.ts';
import { createPlant } from './plant.ts';
import { HISTORY_START, plantRows } from './plant-rows.ts';

const HOUR_MS = 3_600_000;

function samplesOf(seed: number, day: number): Sample[] {
  const options = { seed: day, startTime: HISTORY_START, durationMs: HOUR_MS };
  return [...createPlant({ seed, lines: 2, machinesPerLine: 3 }).simulate(options).samples];
}

test('createPlant() repeats every reading to the bit for the same seeds', () => {
  expect(samplesOf(1, 7)).toEqual(samplesOf(1, 7));
});

test('createPlant() differs for another plant and for another day of the same plant', () => {
  const values = (samples: Sample[]) => samples.slice(0, 50).map(({ value }) => value);
  expect(values(samplesOf(1, 7))).not.toEqual(values(samplesOf(2, 7)));
  expect(values(samplesOf(1, 7))).not.toEqual(values(samplesOf(1, 8)));
});

test('createPlant() simulates no less when its samples are read twice', () => {
  const options = { seed: 3, startTime: HISTORY_START, durationMs: HOUR_MS };
  const { samples } = createPlant({ seed: 1, lines: 1 }).simulate(options);
  expect([...samples]).toEqual([...samples]);
});

test('createPlant() sends samples in time order, within the time asked for, from every channel', () => {
  const samples = samplesOf(1, 7);
  const times = samples.map(({ time }) => time);
  expect(times).toEqual([...times].sort((a, b) => a - b));
  expect(times[0]).toBe(HISTORY_START + SAMPLE_MS);
  expect(times.at(-1)).toBe(HISTORY_START + HOUR_MS);
  expect(new Set(samples.map(({ channel }) => channel))).toEqual(new Set(CHANNELS));
  expect(new Set(samples.map(({ asset }) => asset)).size).toBe(6);
  for (const { value } of samples) expect(Number.isFinite(value)).toBe(true);
});

test('createPlant() links the machines of a line in series and lines not at all', () => {
  const { assets, topology } = createPlant({ seed: 1, lines: 2, machinesPerLine: 3 });
  expect(topology.map(([up, down]) => `${assets[up]} > ${assets[down]}`)).toEqual([
    'line-1-machine-1 > line-1-machine-2',
    'line-1-machine-2 > line-1-machine-3',
    'line-2-machine-1 > line-2-machine-2',
    'line-2-machine-2 > line-2-machine-3',
  ]);
});

test('createPlant() loses single readings and silences whole channels', () => {
  const plant = createPlant({ seed: 1 });
  const durationMs = 24 * HOUR_MS;
  const simulation = plant.simulate({ seed: 1, startTime: HISTORY_START, durationMs });
  let count = 0;
  for (const _ of simulation.samples) count++;
  const full = (durationMs / SAMPLE_MS) * plant.assets.length * CHANNELS.length;
  expect(1 - count / full).toBeGreaterThan(0.03);
  expect(1 - count / full).toBeLessThan(0.08);
  let silent = 0;
  let channels = 0;
  for (const { values } of plantRows(plant, simulation)) {
    for (let at = 0; at < values.length; at += plant.spec.statistics.length, channels++) {
      if (Number.isNaN(values[at])) silent++;
    }
  }
  expect(silent / channels).toBeGreaterThan(SILENCE_SHARE / 3);
  expect(silent / channels).toBeLessThan(SILENCE_SHARE);
});

test('plantRows() gives the rows that a gateway builds from the same samples', () => {
  const plant = createPlant({ seed: 5, lines: 1 });
  const options = { seed: 9, startTime: HISTORY_START, durationMs: 2 * HOUR_MS };
  const assembler = createRowAssembler(plant.spec);
  const live = [...plant.simulate(options).samples].flatMap((sample) => assembler.push(sample));
  live.push(...assembler.flush(HISTORY_START + options.durationMs));
  const rows = [...plantRows(plant, plant.simulate(options))];
  expect(rows).toEqual(live);
  // 24 windows of 6 machines; the first window of each waits for a full one.
  expect(rows.length).toBeGreaterThan(6 * 20);
});

test('truth() covers all classes, about half of it normal, and answers for any time', () => {
  const plant = createPlant({ seed: 2 });
  const durationMs = 24 * HOUR_MS;
  const { truth } = plant.simulate({ seed: 4, startTime: HISTORY_START, durationMs });
  const counts = PLANT_CLASSES.map(() => 0);
  let total = 0;
  for (const asset of plant.assets) {
    for (let time = HISTORY_START; time <= HISTORY_START + durationMs; time += 300_000, total++) {
      counts[truth(asset, time)]++;
    }
  }
  expect(counts[NORMAL] / total).toBeGreaterThan(0.4);
  expect(counts[NORMAL] / total).toBeLessThan(0.6);
  for (const count of counts) expect(count / total).toBeGreaterThan(0.05);
});

test('truth() refuses a machine that the plant does not have', () => {
  const options = { seed: 1, startTime: HISTORY_START, durationMs: HOUR_MS };
  const { truth } = createPlant({ seed: 1 }).simulate(options);
  expect(() => truth('line-9-machine-1', HISTORY_START)).toThrow(
    expect.objectContaining({ code: 'option-invalid', field: 'asset' }),
  );
});

test.each([
  { seed: -1, field: 'seed' },
  { seed: 1, lines: 0, field: 'lines' },
  { seed: 1, machinesPerLine: 2.5, field: 'machinesPerLine' },
])('createPlant() refuses $field out of range', ({ field, ...options }) => {
  expect(() => createPlant(options)).toThrow(
    expect.objectContaining({ code: 'option-invalid', field }),
  );
});

test.each([
  { field: 'durationMs', durationMs: 0 },
  { field: 'durationMs', durationMs: 1e12 },
  { field: 'startTime', startTime: Number.NaN },
])('simulate() refuses $field out of range', ({ field, ...options }) => {
  const plant = createPlant({ seed: 1 });
  const good = { seed: 1, startTime: HISTORY_START, durationMs: HOUR_MS };
  expect(() => plant.simulate({ ...good, ...options })).toThrow(
    expect.objectContaining({ code: 'option-invalid', field }),
  );
});

test('createPlant() has the faults that it was asked for and no other', () => {
  const names = ['leak', 'blockage'];
  const plant = createPlant({ seed: 1, lines: 1, faults: names });
  expect(plant.classes).toEqual([...PLANT_CLASSES]);
  const { truth } = plant.simulate({
    seed: 1,
    startTime: HISTORY_START,
    durationMs: 48 * HOUR_MS,
  });
  const seen = new Set<string>();
  for (let hour = 0; hour < 480; hour++) {
    const time = HISTORY_START + (hour * HOUR_MS) / 10;
    for (const asset of plant.assets) seen.add(plant.classes[truth(asset, time)]);
  }
  expect([...seen].sort()).toEqual(['blockage', 'leak', 'normal']);
});

test.each([[[]], [['leak', 'rust']], [['normal']]])('createPlant() refuses faults %j', (faults) => {
  expect(() => createPlant({ seed: 1, faults })).toThrow(
    expect.objectContaining({ code: 'option-invalid', field: 'faults' }),
  );
});
