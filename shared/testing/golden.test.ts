import { expect, test } from 'vitest';
import { KERNEL_PATHS } from '../kernel/index.ts';
import {
  CALENDAR_DIGEST,
  FEATURE_DIGEST,
  FEATURE_STREAMS,
  GOLDEN_DIGESTS,
  KERNEL_CASES,
  KERNEL_DIGEST,
  LINE_DIGEST,
  LINE_REFERENCE,
  LINES,
  REFERENCE_DIGEST,
} from './golden-digests.ts';
import {
  calendarDigest,
  createTestBundle,
  digestRun,
  digestsByPath,
  featureDigest,
  GOLDEN_BUNDLES,
  goldenRows,
  kernelDigestsByPath,
  lineDigest,
} from './index.ts';

// The same file runs under Node and in workerd; golden.node.test.ts adds browsers.

test('this runtime computes the golden digests on every kind of kernels', async () => {
  const all = await digestsByPath();
  expect(Object.keys(all).sort()).toEqual([...KERNEL_PATHS].sort());
  for (const digests of Object.values(all)) expect(digests).toEqual(GOLDEN_DIGESTS);
});

test('this runtime answers thousands of made-up cascades alike on every kind of kernels', async () => {
  const all = await kernelDigestsByPath(KERNEL_CASES);
  expect(all).toEqual(Object.fromEntries(KERNEL_PATHS.map((path) => [path, KERNEL_DIGEST])));
});

test('this runtime finds every change of policy of a year where the others do', async () => {
  expect(await calendarDigest()).toBe(CALENDAR_DIGEST);
});

test('this runtime makes the rows of made-up streams to the same bits', async () => {
  expect(await featureDigest(FEATURE_STREAMS)).toBe(FEATURE_DIGEST);
});

test('this runtime makes the rows of made-up lines to the same bits', async () => {
  expect(await lineDigest(LINES)).toBe(LINE_DIGEST);
  expect(await lineDigest(LINES, LINE_REFERENCE)).toBe(REFERENCE_DIGEST);
});

test('the digests notice one changed weight, row or threshold', async () => {
  const options = GOLDEN_BUNDLES['paper-dense'];
  const rows = goldenRows(options.width, options.sparse, options.seed);
  const before = await digestRun((await createTestBundle(options)).bytes, rows);

  const values = rows.values.slice();
  values[5] += 3;
  const otherRow = await digestRun((await createTestBundle(options)).bytes, { ...rows, values });
  expect(otherRow.bundle).toBe(before.bundle);
  expect(otherRow.rows).not.toBe(before.rows);
  expect(otherRow.trace).not.toBe(before.trace);

  const otherSeed = await createTestBundle({ ...options, seed: options.seed + 1 });
  expect((await digestRun(otherSeed.bytes, rows)).trace).not.toBe(before.trace);

  const strict = await createTestBundle({ ...options, thresholds: [null, null, null] });
  const never = await digestRun(strict.bytes, rows);
  expect(never.trace).toBe(before.trace);
  expect(never.exits).not.toBe(before.exits);
});
