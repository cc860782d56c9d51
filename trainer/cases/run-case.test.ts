import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { HistoryNodes } from '../history/history-graph.ts';
import { plantShifts } from '../plant/index.ts';
import { type CaseCell, runCase, summariseCells, WORKED_CASES, writeCaseReport } from './index.ts';

const folder = await mkdtemp(join(tmpdir(), 'dandan-case-'));
afterAll(() => rm(folder, { recursive: true }));

/** Quick: what is learnt is not the point. */
const worked = {
  ...WORKED_CASES.plant,
  options: {
    widths: [8, 16],
    teacherMaxEpochs: 8,
    student: {
      ...{ learningRate: 0.01, weightDecay: 0, alpha: 0, beta: 0 },
      temperature: 1,
      mixupWeight: 0.1,
      maxEpochs: 8,
      patience: 8,
    },
  },
};

const shifts = new Map<number, HistoryNodes>();
const open = {
  nodesOf(seed: number) {
    const made = shifts.get(seed) ?? plantShifts(seed);
    shifts.set(seed, made);
    return made;
  },
};

const common = { worked, open, labels: [5, 'all'] as const, seeds: [1, 2] };

test('runCase() keeps every cell with bundle and report, and goes on where it was stopped', async () => {
  const dir = join(folder, 'work');
  const stop = new AbortController();
  const seen: CaseCell[] = [];
  await expect(
    runCase({
      ...common,
      dir,
      onCell(cell) {
        seen.push(cell);
        if (seen.length === 3) stop.abort(new Error('stopped'));
      },
      signal: stop.signal,
    }),
  ).rejects.toThrow('stopped');
  const trained: string[] = [];
  const cells = await runCase({
    ...common,
    dir,
    progressOf({ labels, seed }) {
      trained.push(`${labels} ${seed}`);
      return { phase() {}, epoch() {}, done() {}, [Symbol.dispose]() {} };
    },
  });
  expect(trained).toEqual(['all 2']);
  expect(cells.slice(0, 3)).toEqual(seen);
  expect(cells.map(({ labels, seed }) => [labels, seed])).toEqual([
    [5, 1],
    [5, 2],
    ['all', 1],
    ['all', 2],
  ]);
  const runs = await readdir(join(dir, 'plant'));
  expect(runs).toHaveLength(4);
  expect((await readdir(join(dir, 'plant', runs[0]))).sort()).toEqual([
    'answers.safetensors',
    'bundle.safetensors',
    'cell.json',
    'figures.json',
    'report.html',
  ]);
  // Few labels are five a class; whole shifts are tested.
  expect(cells[0].counts.train).toBe(30);
  expect(cells[2].counts.train).toBeGreaterThan(1000);
  expect(cells[0].counts.testRuns).toBeGreaterThan(1);

  const summaries = summariseCells(cells);
  expect(summaries.map(({ labels, seeds }) => [labels, seeds])).toEqual([
    [5, 2],
    ['all', 2],
  ]);
  const [first, second] = cells;
  expect(summaries[0].output).toBeCloseTo((first.figures.output + second.figures.output) / 2, 9);
  expect(summaries[0].std.teacher).toBeCloseTo(
    Math.abs(first.figures.teacher - second.figures.teacher) / Math.SQRT2,
    9,
  );
  expect(summaries[0].gain.mean).toBeCloseTo(summaries[0].output - summaries[0].supervised, 9);
  expect(summaries[0].stages).toHaveLength(2);

  const out = join(folder, 'out');
  const page = await writeCaseReport(out, { worked, cells, command: 'dandan reproduce plant' });
  const html = await readFile(page, 'utf8');
  expect(html).toContain(
    `${summaries[0].output.toFixed(1)} ± ${summaries[0].std.output.toFixed(1)}`,
  );
  expect(html).not.toMatch(/(?:src|href)="http/);
  const lines = (await readFile(join(out, 'cells.jsonl'), 'utf8')).trim().split('\n');
  expect(lines.map((line) => JSON.parse(line))).toEqual(JSON.parse(JSON.stringify(cells)));
});
