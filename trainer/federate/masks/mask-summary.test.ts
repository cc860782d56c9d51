import { createTestBundle } from '@dandan/shared/testing';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { combineSites } from '../combine-sites.ts';
import { poolContents } from '../pooled.ts';
import { siteContent, summariseSite } from '../summarise-site.ts';
import type { MaskedSummary } from '../summary.ts';
import { labelled, partsOfRows, testRows } from '../testing/sites.ts';
import { maskSummary } from './mask-summary.ts';
import { createRoster } from './roster.ts';
import { createSiteKey, importSiteKey, pairMask } from './site-key.ts';
import { decodeVector, encodeVector, fromVector, toVector } from './vector.ts';

const { bundle, bytes, sha256 } = await createTestBundle({ seed: 3, classes: 3 });
const shape = { classes: 3, stages: 3 };
const NAMES = ['plant-b', 'plant-a', 'plant-c'];
const contents = partsOfRows(testRows(bundle, 900, 8), [200, 300, 400]).map((calibration) =>
  siteContent({ bundle, calibration, labelled: labelled(bundle, calibration) }),
);
const keys = await Promise.all(NAMES.map(async () => (await createSiteKey()).key));
const listed = NAMES.map((site, i) => ({ site, publicKey: keys[i].publicKey }));
const roster = createRoster(listed, '0'.repeat(32));
const masked = (i: number, over = roster) =>
  maskSummary({ site: NAMES[i], key: keys[i], roster: over, bytes, shape, content: contents[i] });
const all = await Promise.all([0, 1, 2].map((i) => masked(i)));
const combine = (summaries: MaskedSummary[], over: typeof roster | undefined = roster) =>
  combineSites({ summaries, bundle: sha256, shape, roster: over });

test('masks cancel in the sum over the roster, and the sum is that of the plain counts', async () => {
  expect(await combine(all)).toEqual({ contents: [poolContents(contents)], masked: true });
});

test('a masked summary shows nothing of the counts: its bits are like drawn ones', () => {
  const vector = decodeVector(all[0].sums, toVector(contents[0], shape).length);
  const ones = Array.from(vector ?? []).reduce(
    (sum, value) => sum + value.toString(2).replaceAll('0', '').length,
    0,
  );
  const bits = 64 * (vector?.length ?? 0);
  // Five standard deviations of a fair coin; the keys are drawn anew in every run.
  expect(Math.abs(ones - bits / 2)).toBeLessThan(5 * Math.sqrt(bits / 4));
  expect(fromVector(vector ?? new BigUint64Array(), shape)).toBeUndefined();
});

test('a missing, altered or foreign summary is refused, never a wrong sum', async () => {
  await expect(combine(all.slice(1))).rejects.toMatchObject({
    code: 'data-invalid',
    value: 'plant-b missing',
  });
  const bent = {
    ...all[0],
    sums: `AAAAAAAAAAA=${all[0].sums.slice(12)}`.slice(0, all[0].sums.length),
  };
  await expect(combine([bent, all[1], all[2]])).rejects.toMatchObject({ code: 'data-invalid' });
  const another = createRoster(listed, '1'.repeat(32));
  await expect(combine([await masked(0, another), all[1], all[2]])).rejects.toMatchObject({
    code: 'data-invalid',
    value: 'plant-b',
  });
  await expect(combineSites({ summaries: all, bundle: sha256, shape })).rejects.toMatchObject({
    field: '--roster',
  });
  const plain = await summariseSite({
    bundle,
    bytes,
    site: 'plant-d',
    calibration: testRows(bundle, 200, 1),
  });
  await expect(
    combineSites({ summaries: [...all, plain], bundle: sha256, shape, roster }),
  ).rejects.toMatchObject({ field: 'form' });
});

test('maskSummary() and createRoster() refuse strangers, pairs and doubles', async () => {
  const { key } = await createSiteKey();
  const options = { site: NAMES[0], key, roster, bytes, shape, content: contents[0] };
  await expect(maskSummary(options)).rejects.toMatchObject({
    field: '--roster',
    value: 'another key',
  });
  await expect(maskSummary({ ...options, site: 'plant-x' })).rejects.toMatchObject({
    value: 'no such site',
  });
  const round = '0'.repeat(32);
  expect(() => createRoster(listed.slice(1), round)).toThrow('A roster names every site once');
  expect(() => createRoster([...listed, listed[1]], round)).toThrow(
    'A roster names every site once',
  );
  const twice = { site: 'plant-z', publicKey: listed[0].publicKey };
  expect(() => createRoster([...listed, twice], round)).toThrow('A roster names every site once');
});

test('pairMask() is the same at both ends, and another for every context', async () => {
  const { key, pkcs8 } = await createSiteKey();
  const again = await importSiteKey(Uint8Array.from(pkcs8));
  expect(again.publicKey).toBe(key.publicKey);
  const at = (own: typeof key, other: string, context: string) =>
    pairMask({ own, other, context, length: 5 });
  const here = await at(again, keys[0].publicKey, 'a');
  expect(await at(keys[0], key.publicKey, 'a')).toEqual(here);
  expect(await at(keys[0], key.publicKey, 'b')).not.toEqual(here);
  await expect(importSiteKey(new Uint8Array(48))).rejects.toMatchObject({
    code: 'signing-key-invalid',
  });
});

test('a vector survives its text, and other lengths do not read', () => {
  fc.assert(
    fc.property(fc.bigUint64Array({ maxLength: 30 }), (vector) => {
      const text = encodeVector(vector);
      expect(decodeVector(text, vector.length)).toEqual(vector);
      expect(decodeVector(text, vector.length + 1)).toBeUndefined();
      expect(decodeVector(`${text}!`, vector.length)).toBeUndefined();
    }),
  );
});
