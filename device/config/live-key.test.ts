import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createLiveKey } from './live-key.ts';

test('createLiveKey() follows the file, and keeps the last key that it held', () => {
  const folder = mkdtempSync(join(tmpdir(), 'dandan-key-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'edge.key');
  let time = 0;
  writeFileSync(file, 'one\n');
  const key = createLiveKey({ file, key: 'one', steady: () => time });
  writeFileSync(`${file}.new`, 'two\n');
  renameSync(`${file}.new`, file);
  expect(key()).toBe('one');
  time += 10_000;
  expect(key()).toBe('two');
  rmSync(file);
  time += 10_000;
  expect(key()).toBe('two');
  writeFileSync(file, '');
  time += 10_000;
  expect(key()).toBe('two');
});
