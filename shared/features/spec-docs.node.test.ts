import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { columnNames, featureSpecSchema, STATISTICS } from './index.ts';

const TEXT = readFileSync(
  fileURLToPath(new URL('../../docs/features.md', import.meta.url)),
  'utf8',
);
const [FENCED, JSON_BLOCK] = /```json\n([\s\S]*?)```/.exec(TEXT) ?? ['', ''];

test('the example of docs/features.md is a spec, with the names that it gives to columns', () => {
  const spec = featureSpecSchema.parse(JSON.parse(JSON_BLOCK));
  expect(columnNames(spec)).toEqual(
    expect.arrayContaining([
      'vibration.rms',
      'vibration@10-50Hz',
      'vibration.missing',
      'temperature.mean-upstream',
      'position.0',
    ]),
  );
});

test('docs/features.md tells of every statistic and every field of its example', () => {
  const code = TEXT.replace(FENCED, '').match(/`[^`]+`/g) ?? [];
  const words = new Set(code.flatMap((each) => each.match(/\w+/g) ?? []));
  const keys = [...JSON_BLOCK.matchAll(/"(\w+)":/g)].map(([, key]) => key);
  const { upstream } = JSON.parse(JSON_BLOCK);
  const fields = keys.filter((key) => upstream.assets[key] === undefined);
  expect(fields.length).toBeGreaterThan(15);
  expect([...STATISTICS, ...fields].filter((word) => !words.has(word))).toEqual([]);
});
