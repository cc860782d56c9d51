import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readBundle } from '@dandan/shared/bundle';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createClusterGraph } from '../testing/cluster-graph.ts';
import { runCli } from '../testing/run-cli.ts';
import { writeGraphFolder } from '../testing/temporary-folder.ts';

const SITES = ['north', 'south', 'west'];
let dir: string;
let bundle: string;

const at = (...names: string[]) => join(dir, ...names);
const data = (site: string) => at(site, 'data');

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'dandan-federate-'));
  bundle = at('north', 'out', 'bundle.safetensors');
  for (const [i, site] of SITES.entries()) {
    await mkdir(data(site), { recursive: true });
    await writeGraphFolder(data(site), createClusterGraph({ perClass: 120, seed: 1 + i }));
  }
  const quick = ['--epochs', '60', '--hidden', '8', '--stages', '2', '--model', 'clusters'];
  const to = ['--out', at('north', 'out')];
  expect((await runCli(['train', '--data', data('north'), ...to, ...quick])).code).toBe(0);
}, 180_000);
afterAll(() => rm(dir, { recursive: true, force: true }));

const federate = (...args: string[]) => runCli(['federate', ...args, '--json']);
const summary = (site: string, name = 'summary.json') => at(site, name);

async function summarise(of: string, name: string, extra: (site: string) => string[] = () => []) {
  for (const site of SITES) {
    const made = await federate(
      ...['summarise', '--bundle', of, '--data', data(site), '--site', site],
      ...['--out', summary(site, name), ...extra(site)],
    );
    expect(made).toMatchObject({ code: 0, json: { site, rows: 108, labelled: 72 } });
  }
  return ['--summary', ...SITES.map((site) => summary(site, name))];
}

const promise = ['--alpha', '0.1', '--delta', '0.1'];

test('sites send counts: first temperatures, then thresholds with a promise for their mixture', async () => {
  const first = await summarise(bundle, 'first.json');
  const warm = at('temperatures.safetensors');
  const fit = ['--fit', 'temperatures', '--out', warm];
  const tempered = await federate('combine', '--bundle', bundle, ...first, ...fit);
  expect(tempered).toMatchObject({ code: 0, json: { labelled: 216, masked: false } });
  expect(tempered.stderr).toContain('summarise and combine once more');

  const stale = await federate('combine', '--bundle', warm, ...first, ...promise);
  expect(stale).toMatchObject({
    code: 1,
    json: { error: { code: 'data-invalid', field: 'bundle' } },
  });

  const second = await summarise(warm, 'second.json');
  const out = at('federated.safetensors');
  const made = await federate('combine', '--bundle', warm, ...second, ...promise, '--out', out);
  expect(made).toMatchObject({
    code: 0,
    json: { certified: true, guarantee: 'mixture', n: 324, sites: SITES },
  });
  expect(made.json?.perSite).toHaveLength(3);
  expect(made.stderr).toContain('for rows of all sites mixed');
  const { manifest } = await readBundle(new Uint8Array(await readFile(out)));
  expect(manifest.policies.day).toMatchObject({
    thresholds: made.json?.thresholds,
    certificate: { alpha: 0.1, n: 324, method: 'fixed-sequence' },
  });
  expect(manifest.provenance.federated).toEqual({ sites: SITES, rows: 324, guarantee: 'mixture' });
  expect(manifest.stages.map(({ temperature }) => temperature)).toEqual(
    tempered.json?.temperatures,
  );
  const each = await federate(
    ...['combine', '--bundle', warm, ...second, ...promise, '--guarantee', 'every-site'],
  );
  const shared = ({ json }: typeof made) => (json as { thresholds: number[] }).thresholds[0] ?? 1;
  expect(shared(each)).toBeGreaterThanOrEqual(shared(made));
}, 180_000);

test('masked summaries give the thresholds of plain ones, and nothing of one site', async () => {
  const plain = await summarise(bundle, 'plain.json');
  const keys = [];
  for (const site of SITES) {
    const files = ['--key', at(site, 'site.key'), '--out', at(site, 'public.json')];
    const made = await federate('key', '--site', site, ...files);
    expect(made.code).toBe(0);
    keys.push(at(site, 'public.json'));
  }
  expect((await stat(at('north', 'site.key'))).mode & 0o777).toBe(0o600);
  const roster = at('roster.json');
  const listed = await federate('roster', '--keys', ...keys, '--out', roster);
  expect(listed).toMatchObject({ code: 0, json: { sites: SITES } });
  const masked = await summarise(bundle, 'masked.json', (site) => [
    ...['--key', at(site, 'site.key'), '--roster', roster],
  ]);
  const expected = await federate('combine', '--bundle', bundle, ...plain, ...promise);
  const made = await federate(
    ...['combine', '--bundle', bundle, ...masked, '--roster', roster, ...promise],
  );
  expect(made.code).toBe(0);
  expect(made.json).toEqual({ ...expected.json, masked: true, perSite: [] });
  const apart = await federate(
    ...['combine', '--bundle', bundle, ...masked, '--roster', roster, ...promise],
    ...['--guarantee', 'every-site'],
  );
  expect(apart).toMatchObject({ code: 2, json: { error: { field: '--guarantee' } } });
  const again = ['--key', at('north', 'site.key'), '--out', at('north', 'x.json')];
  expect(await federate('key', '--site', 'north', ...again)).toMatchObject({
    code: 1,
    json: { error: { code: 'output-unwritable' } },
  });
}, 180_000);

test('hostile files and lone options are refused by name', async () => {
  const bad = at('bad.json');
  const combine = () => federate('combine', '--bundle', bundle, '--summary', bad);
  for (const text of ['', '{', '[]', '{"kind":"dandan-site-summary"}']) {
    await writeFile(bad, text);
    expect(await combine()).toMatchObject({ code: 1, json: { error: { code: 'data-invalid' } } });
  }
  await rm(bad);
  expect(await combine()).toMatchObject({ code: 1, json: { error: { code: 'data-missing' } } });
  const lone = await federate(
    ...['summarise', '--bundle', bundle, '--data', data('north'), '--site', 'north'],
    ...['--out', at('x.json'), '--key', at('none')],
  );
  expect(lone).toMatchObject({ code: 2, json: { error: { field: '--roster' } } });
  const name = ['summarise', '--bundle', bundle, '--data', data('north'), '--site', 'Not A Name'];
  expect((await federate(...name, '--out', at('x.json'))).code).toBe(2);
}, 180_000);
