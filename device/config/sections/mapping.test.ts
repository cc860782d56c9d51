import { expect, test } from 'vitest';
import * as z from 'zod';
import { createMappingSource } from '../../sources/mapping/index.ts';
import { mappingSection } from './mapping.ts';
import { sparkplugSection } from './sparkplug.ts';

const VALID = { kind: 'mapping', topic: 'factory/{line}/{asset}/{channel}' };

/** Path and message of the first issue. */
function refusal(input: unknown) {
  const { error } = mappingSection.safeParse(input);
  return error === undefined
    ? undefined
    : { path: error.issues[0].path.join('.'), allowed: error.issues[0].message };
}

test('mappingSection fills the defaults in, and a source takes what it gives', () => {
  const config = mappingSection.parse({ ...VALID, channels: { t: 'temperature' } });
  expect(config).toEqual({
    ...VALID,
    booleans: false,
    numericStrings: false,
    channels: { t: { channel: 'temperature', scale: 1, offset: 0 } },
    listedOnly: false,
    assets: {},
    retained: 'skip',
  });
  expect(createMappingSource(config).filters).toEqual(['factory/+/+/+']);
});

test.each<[string, object]>([
  ['a composed asset', { asset: '{line}-{asset}' }],
  ['a fixed asset and channel', { topic: 'a/b', asset: 'press', channel: 'speed' }],
  ['one value', { value: '$.v', time: { path: '$.t', unit: 'ms' } }],
  ['several values', { topic: 'f/{asset}', values: { a: '$.a', 'b.c': "$['b c'][0]" } }],
  ['an object', { topic: 'f/{asset}/#', values: '$.values' }],
  ['readings', { topic: 'f', each: '$.r[*]', asset: '@.id', channel: '@.n', value: '@.v' }],
  ['a time of the message', { each: '$[*]', value: '@', time: { path: '$.t', unit: 's' } }],
])('mappingSection accepts %s', (_, more) => {
  expect(refusal({ ...VALID, ...more })).toBeUndefined();
});

test.each<[string, object, string, string]>([
  ['no topic', { topic: undefined }, 'topic', 'string'],
  ['a broken topic', { topic: 'a/#/{asset}' }, 'topic', '# as the last'],
  ['a topic without an asset', { topic: 'a/{line}/{channel}' }, 'topic', '{asset}'],
  ['a topic without a channel', { topic: 'a/{asset}' }, 'topic', '{channel}'],
  ['an asset of unknown levels', { asset: '{site}' }, 'asset', '{line} {asset} {channel}'],
  ['an asset by a bad path', { value: '$.v', asset: '$..id' }, 'asset', '$.a.b[0]'],
  ['a bad path', { value: 'v' }, 'value', '$.a.b[0]'],
  ['a bad path among several', { topic: 'f/{asset}', values: { 'a.b': '$.' } }, 'values.a.b', '$.'],
  ['no paths', { topic: 'f/{asset}', values: {} }, 'values', 'one path'],
  ['a path with [*]', { value: '$.a[*]' }, 'value', 'each'],
  ['@ without each', { value: '@.v' }, 'value', 'each'],
  ['each without [*]', { each: '$.a', value: '@.v' }, 'each', '[*]'],
  ['each of a reading', { each: '@.a[*]', value: '@.v' }, 'each', '$'],
  ['value beside values', { value: '$.v', values: '$.w' }, 'values', 'value or values'],
  ['a channel beside values', { values: '$.w', channel: 'x' }, 'channel', 'values'],
  ['a time in text', { time: { path: '$.t', unit: 's' } }, 'value', 'JSON'],
  ['an asset in text', { asset: '$.id' }, 'value', 'JSON'],
  ['an unknown unit', { value: '$.v', time: { path: '$.t', unit: 'h' } }, 'time.unit', '"iso"'],
  ['a channel nobody can name', { channels: { t: 'a b' } }, 'channels.t', '1..64'],
  ['one channel twice', { channels: { a: 'x', b: 'x' } }, 'channels', 'once'],
  ['scale 0', { channels: { a: { channel: 'x', scale: 0 } } }, 'channels.a.scale', 'other than 0'],
  ['a rule that is none', { channels: { a: 1 } }, 'channels.a', 'a channel'],
  ['an asset that is no level', { assets: { 'Press 2': 'press 2' } }, 'assets.Press 2', '1..64'],
  ['an unknown field', { qos: 1 }, '', 'qos'],
])('mappingSection refuses %s', (_, more, path, allowed) => {
  const found = refusal({ ...VALID, ...more });
  expect(found?.path).toBe(path);
  expect(found?.allowed).toContain(allowed);
});

test('sections of sources stand in one list, told apart by kind, with the place of an error', () => {
  const list = z.array(z.discriminatedUnion('kind', [sparkplugSection, mappingSection]));
  expect(list.parse([{ kind: 'sparkplug', group: 'plant' }, VALID])).toHaveLength(2);
  const { error } = list.safeParse([VALID, { ...VALID, asset: '{site}' }]);
  expect(error?.issues.map(({ path }) => path)).toEqual([[1, 'asset']]);
});
