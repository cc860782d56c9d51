// A new user's way from an empty folder to a prediction, with data of their own: docs/plant.md tells
// its figures.
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { spawnGateway } from './testing/gateway-process.ts';
import { skipMosquitto, startMosquitto } from './testing/mosquitto.ts';
import { poll } from './testing/poll.ts';
import { type Edit, editFile } from './testing/tour/edit-file.ts';
import { exportFiles } from './testing/tour/export-files.ts';
import { MAPPING, playLive } from './testing/tour/play-live.ts';
import { runDandan } from './testing/tour/run-dandan.ts';

/** As docs/plant.md says. */
const COMMANDS = 6;

/** Half a minute of processor time; six programs start, and CI is busy. */
const LIMIT_MS = 400_000;

const LABELS = ['Anlage;von;bis;Störung', 'asset;from;to;class'] as const;

const PLANT: readonly Edit[] = [
  ['  - files: telemetry/{asset}.csv', '  - files: telemetry/*.csv'],
  ['    # timeColumn: Zeitstempel', '    timeColumn: Zeitstempel'],
  ['    # assetColumn: machine', '    assetColumn: Anlage'],
  [
    '    # assets: { "Pump 1": pump-1, P2: pump-2 }',
    '    assets: { "Presse 1": presse-1, "Presse 2": presse-2 }',
  ],
  ['    # decimalComma: false   # default', '    decimalComma: true'],
  ['  edges: topology.csv', ''],
  ['  assets: assets.csv', ''],
  ['  # lines: ["pump-1 > pump-2 > pump-3"]', '  lines: ["presse-1 > presse-2"]'],
  ['  # kinds: { "pump-*": pump }', '  kinds: { "presse-*": presse }'],
];

async function emptyFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'dandan-tour-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

function gatewayCommand(...args: string[]) {
  const gateway = spawnGateway(args);
  onTestFinished(() => void gateway.child.kill('SIGKILL'));
  return gateway;
}

test.skipIf(skipMosquitto)(
  'a new user with two presses in °F and local times has predictions after six commands',
  async () => {
    const dir = join(await emptyFolder(), 'halle-2');
    const file = (name: string) => join(dir, name);
    let commands = 0;
    async function dandan(code: number, ...args: string[]): Promise<string> {
      commands++;
      const { code: ended, out, err } = await runDandan(args);
      expect(ended, `${out}\n${err}`).toBe(code);
      return out;
    }

    await dandan(0, 'init', 'plant', dir, '--time-zone', 'Europe/Berlin');

    // The user's own files in the place of the example's.
    const { days, log } = exportFiles();
    for (const name of await readdir(file('telemetry'))) await rm(file(`telemetry/${name}`));
    for (const { name, text } of days) await writeFile(file(`telemetry/${name}`), text);
    await writeFile(file('labels.csv'), log);

    // The first look tells what has to be said.
    const problems = await dandan(1, 'data', 'check', dir);
    expect(problems).toContain('6 problems of 1 kind:');
    expect(problems).toContain('or timeColumn with another name');
    await editFile(file('plant.yaml'), PLANT);
    await writeFile(file('labels.csv'), log.replace(...LABELS));
    const found = await dandan(0, 'data', 'check', dir);
    expect(found).toContain('2 assets, 5 channels');
    expect(found).toContain('Temp_Lager [°F]');
    expect(found).toContain('presse-1 > presse-2');
    expect(found).toContain('no problems found');
    // Sunday lost an hour to the clocks and none to the reader.
    expect(found).toMatch(/Export_2026-03-29\.csv: wide, 5,520 rows/);

    await dandan(0, 'train', '--config', file('train.yaml'));
    expect(await readdir(file('out'))).toContain('report.html');

    const broker = await startMosquitto();
    onTestFinished(() => broker.dispose());
    await editFile(file('gateway.yaml'), [
      ['  url: mqtt://127.0.0.1:1883', `  url: ${broker.url}`],
      ['  - { kind: dandan }', MAPPING],
    ]);
    const check = gatewayCommand('check', '--config', file('gateway.yaml'));
    expect(await check.exit, check.out()).toBe(0);
    const gateway = gatewayCommand('run', '--config', file('gateway.yaml'), '--json');
    commands += 2;
    await poll('the gateway', () => gateway.err().includes('"gateway-ready"'));
    expect(commands).toBe(COMMANDS);

    const { predictions, truth } = await playLive({
      url: broker.url,
      topic: 'dandan/plant-1/halle-2/prediction/+',
      // Both as the check proposes them: five rows a window of a quarter of an hour.
      strideMs: 180_000,
      spare: 8,
    });
    gateway.child.kill('SIGTERM');
    expect(await gateway.exit, gateway.err()).toBe(0);
    const final = JSON.parse(gateway.out().trim().split('\n').at(-1) ?? '');
    expect(final).toMatchObject({ invalidMessages: 0, escalated: 0, degraded: 0 });
    const assets = [...new Set(predictions.map(({ asset }) => asset))].sort();
    expect(assets).toEqual(['presse-1', 'presse-2']);
    const right = predictions.filter(({ asset, t, label }) => truth(asset, t) === label);
    expect(right.length / predictions.length).toBeGreaterThan(0.75);
  },
  LIMIT_MS,
);
