// A night of retraining on a plant's project folder.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readBundle } from '@dandan/shared/bundle';
import { columnNames } from '@dandan/shared/features';
import { expect, test } from 'vitest';
import { loadData } from '../data/load-data.ts';
import type { RetrainReport } from '../retrain/retrain-report.ts';
import { runCli } from '../testing/run-cli.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';

/** Four programs start and two trainings run, beside other tests. */
const LONG_MS = 180_000;

const QUICK = ['--epochs', '40', '--hidden', '8', '--stages', '2', '--alpha', '0.1'];

/** Windows that a model of few labels was not told of, as `dandan label export` writes them. */
async function writeCases(data: string, perClass: number, file: string): Promise<number> {
  const { graph, split } = await loadData({ data, seed: 1 });
  const few = await loadData({ data, seed: 1, labelsPerClass: perClass });
  const { features, featureSpec, classes, labels } = graph;
  if (features.kind !== 'dense') throw new Error('a history is dense');
  const { width, values } = features.rows;
  const known = new Set(few.split.train);
  const others = [...split.train].filter((node) => !known.has(node));
  const lines = others.map((node) => {
    const row = values.subarray(node * width, (node + 1) * width);
    const cells = Array.from(row, (value) => (Number.isNaN(value) ? '' : value));
    return [`case-${node}`, classes[labels[node]], ...cells].join(',');
  });
  const title = ['node', 'label', ...columnNames(featureSpec)].join(',');
  await writeFile(file, `${[title, ...lines].join('\n')}\n`);
  return others.length;
}

test(
  'dandan retrain on a project: its few labels and exclusive states again, hard cases, a comparison by machine',
  async () => {
    const home = await temporaryFolder();
    const [dir, out] = [join(home, 'line'), join(home, 'out')];
    expect((await runCli(['init', 'plant', dir, '--time-zone', 'Asia/Tokyo'])).code).toBe(0);
    const plant = join(dir, 'plant.yaml');
    const stated = (await readFile(plant, 'utf8')).replace('# exclusive:', 'exclusive:');
    await writeFile(plant, stated);
    const few = ['--labels-per-class', '5'];
    const trained = await runCli(['train', '--data', dir, '--out', out, ...few, ...QUICK]);
    expect(trained.code, trained.stderr).toBe(0);
    const champion = join(out, 'bundle.safetensors');
    const { manifest } = await readBundle(new Uint8Array(await readFile(champion)));
    expect(manifest.provenance).toMatchObject({
      options: { mixupPairs: { exclusive: [['blockage', 'leak']] } },
    });
    const night = join(home, 'night');
    const retrain = (...args: string[]) =>
      runCli(['retrain', '--data', dir, '--champion', champion, '--out', night, '--json', ...args]);

    const quiet = await retrain();
    expect(quiet.code, quiet.stderr).toBe(3);
    expect(quiet.json).toMatchObject({ outcome: 'keep', reason: 'nothing-new' });

    const file = join(home, 'cases.csv');
    const given = await writeCases(dir, 5, file);
    const told = await retrain('--hard-cases', file);
    expect([0, 3], told.stderr).toContain(told.code);
    const report: RetrainReport = JSON.parse(await readFile(join(night, 'report.json'), 'utf8'));
    const { data } = report;
    expect(data.asChampion).toBe(true);
    expect(data.hardCases).toMatchObject({ given, used: given, heldOut: 0 });
    expect(data.trainingLabels).toBe(4 * 5 + given);
    // Each of the three machines counts once in the careful test.
    const { champion: won, challenger: lost, equal } = report.comparison.perAsset!;
    expect(won + lost + equal).toBe(3);
  },
  LONG_MS,
);
