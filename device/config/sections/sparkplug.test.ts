import { expect, test } from 'vitest';
import { createSparkplugSource } from '../../sources/sparkplug/index.ts';
import { sparkplugSection } from './sparkplug.ts';

const VALID = { kind: 'sparkplug', group: 'plant-a' };

function refusal(input: unknown) {
  const { error } = sparkplugSection.safeParse(input);
  return error === undefined
    ? undefined
    : { path: error.issues[0].path.join('.'), allowed: error.issues[0].message };
}

test('sparkplugSection fills the defaults in, and a source takes what it gives', () => {
  const config = sparkplugSection.parse(VALID);
  expect(config).toEqual({
    kind: 'sparkplug',
    group: ['plant-a'],
    nodes: ['*'],
    devices: ['*'],
    asset: '{device}',
    nodeAsset: '{node}',
    metrics: {},
    listedOnly: false,
    rebirthIntervalMs: 30_000,
    readBeforeBirth: false,
  });
  const source = createSparkplugSource(config);
  expect(source.matches('spBv1.0/plant-a/NDATA/n')).toBe(true);
});

test.each<[string, object, string, string]>([
  ['no group', { group: undefined }, 'group', 'a name'],
  ['no groups', { group: [] }, 'group', '>=1'],
  ['a group of two levels', { group: 'a/b' }, 'group', 'without / + #'],
  ['a wildcard of MQTT', { nodes: ['+'] }, 'nodes.0', 'without / + #'],
  ['an asset of unknown parts', { asset: '{line}' }, 'asset', '{group} {node} {device}'],
  ["a node's asset by device", { nodeAsset: '{device}' }, 'nodeAsset', '{group} {node}'],
  [
    'a channel nobody can name',
    { metrics: { a: { channel: '°C' } } },
    'metrics.a.channel',
    '1..64',
  ],
  ['a negative interval', { rebirthIntervalMs: -1 }, 'rebirthIntervalMs', '0'],
  ['an unknown field', { host: 'x' }, '', 'host'],
])('sparkplugSection refuses %s', (_, more, path, allowed) => {
  const found = refusal({ ...VALID, ...more });
  expect(found?.path).toBe(path);
  expect(found?.allowed).toContain(allowed);
});
