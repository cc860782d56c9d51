import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { dashboardText, EMBEDDED_DASHBOARD } from './build-dashboard.ts';

/** A phone on a plant's edge of coverage loads it in a second. */
const MAX_GZIP_BYTES = 40 * 1024;

test('the embedded dashboard is that of its source, and small', async () => {
  const file = fileURLToPath(new URL(`../${EMBEDDED_DASHBOARD}`, import.meta.url));
  const text = await dashboardText();
  // A difference means: npm run dashboard.
  expect((await readFile(file, 'utf8')) === text).toBe(true);
  expect(gzipSync(text, { level: 9 }).byteLength).toBeLessThan(MAX_GZIP_BYTES);
});
