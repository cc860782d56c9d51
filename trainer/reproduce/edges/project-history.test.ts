import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { loadHistory } from '../../history/load-history.ts';
import { projectHistories } from './index.ts';

const path = await mkdtemp(join(tmpdir(), 'dandan-project-'));
afterAll(() => rm(path, { recursive: true }));

const RUNS = 10;
const MINUTES = 90;

/** Batches of two machines that warm up half-way. */
function telemetry(): string {
  const lines = ['time,machine,batch,temperature,state'];
  for (let run = 0; run < RUNS; run++) {
    for (let minute = 0; minute < MINUTES; minute++) {
      const time = new Date(Date.UTC(2026, 0, 1 + run, 6, minute)).toISOString();
      for (const machine of ['press', 'oven']) {
        const hot = minute >= MINUTES / 2;
        const value = (hot ? 80 : 20) + ((7 * minute + run) % 5);
        lines.push([time, machine, `batch-${run}`, value, hot ? 'hot' : 'normal'].join(','));
      }
    }
  }
  return `${lines.join('\n')}\n`;
}

await writeFile(join(path, 'telemetry.csv'), telemetry());
await writeFile(
  join(path, 'plant.yaml'),
  [
    'model: batches',
    'telemetry:',
    '  - files: telemetry.csv',
    '    assetColumn: machine',
    '    runColumn: batch',
    '    labelColumn: state',
    'topology: { lines: ["press > oven"] }',
    'features: { windowMs: 600000, strideMs: 300000, statistics: [mean, slope] }',
    'split: { labelsPerClass: 3 }',
    '',
  ].join('\n'),
);

test('projectHistories() divides a project as training does, anew for every seed', async () => {
  const historyOf = await projectHistories({ path });
  for (const seed of [1, 2]) {
    const { split, labels, places, classes, name, topology } = historyOf(seed);
    const { graph } = await loadHistory({ path, seed });
    expect(split).toEqual(graph.publicSplit);
    expect({ labels, places, classes, name }).toEqual({
      labels: graph.labels,
      places: graph.places,
      classes: graph.classes,
      name: graph.name,
    });
    expect(topology.edges).toMatchObject([{ from: 'press', to: 'oven' }]);
  }
  expect(historyOf(1).split.train).not.toEqual(historyOf(2).split.train);
});

test('projectHistories() refuses a folder without a project', async () => {
  await expect(projectHistories({ path: join(path, 'nothing') })).rejects.toMatchObject({
    code: 'data-missing',
  });
});
