import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { writeReport } from '../report/write-report.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import type { CellRecord } from './cell.ts';
import { reproduce } from './reproduce.ts';
import { ROBUSTNESS } from './robustness-variants.ts';

const QUICK = { teacherMaxEpochs: 20, student: { maxEpochs: 20 } };
const VARIANTS = ['without PMA', 'domain PMA, all three'];

test('dandan reproduce robustness measures the embedded plant, a plant of its own for every seed, and goes on', async () => {
  const root = await temporaryFolder();
  await writeFile(join(root, 'students.json'), JSON.stringify({ plant: { '*': QUICK } }));
  const run = async (seeds: readonly number[]) => {
    const done: CellRecord[] = [];
    const reproduced = await reproduce({
      table: 'robustness',
      seeds,
      variants: ROBUSTNESS.filter(({ name }) => VARIANTS.includes(name)),
      workers: 2,
      work: join(root, 'work'),
      out: join(root, 'results'),
      fresh: false,
      command: 'dandan reproduce robustness',
      settingsDir: root,
      progress: () => ({
        planned() {},
        started() {},
        at() {},
        finished: (record) => done.push(record),
        failed: (_, failure) => expect.fail(failure.message),
      }),
    });
    return { done, dir: reproduced.dir };
  };
  const first = await run([1]);
  expect(first.done).toHaveLength(3);
  const { done, dir } = await run([1, 2]);
  expect(done.map(({ options }) => options.seed)).toEqual([2, 2, 2]);
  const [one, two] = [first, { done }].map(
    (each) => each.done.find(({ method }) => method === 'teacher')?.result.accuracy,
  );
  expect(one, 'another plant').not.toBe(two);

  await writeReport('robustness', dir);
  const summary = JSON.parse(await readFile(join(dir, 'summary.json'), 'utf8'));
  expect(summary.map(({ variant }: { variant: string }) => variant)).toEqual(VARIANTS);
  const [, domain] = summary;
  expect(domain).toMatchObject({ set: 'plant', setting: 'ind', teacher: 'gcn', seeds: [1, 2] });
  expect(domain.points).toHaveLength(12);
  for (const { stages, gain } of domain.points) {
    expect(stages).toHaveLength(4);
    expect(stages[3].n).toBe(2);
    expect(gain.n).toBe(2);
  }
  const markdown = await readFile(join(dir, 'report.md'), 'utf8');
  expect(markdown).toContain('domain PMA, all three');
  expect(markdown).toContain('drift 2');
}, 180_000);
