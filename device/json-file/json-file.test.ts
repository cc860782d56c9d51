import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { MAX_JSON_FILE_BYTES, readJsonFile, removeJsonFile, writeJsonFile } from './index.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dandan-json-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('writeJsonFile() makes folders, replaces whole and leaves nothing beside', () => {
  const file = join(folder, 'state', 'kept.json');
  writeJsonFile(file, { a: 1 });
  writeJsonFile(file, { b: 'é' });
  expect(readJsonFile(file)).toEqual({ kind: 'read', value: { b: 'é' } });
  expect(readdirSync(join(folder, 'state'))).toEqual(['kept.json']);
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

test('a write that fails keeps the old content and leaves nothing beside', () => {
  const file = join(folder, 'kept.json');
  mkdirSync(file);
  expect(() => writeJsonFile(file, { a: 1 })).toThrow();
  expect(readdirSync(folder)).toEqual(['kept.json']);
});

test.each([
  ['cut', '{"a":'],
  ['empty', ''],
  ['binary', '\u0000\u0001'],
  ['too long', ' '.repeat(MAX_JSON_FILE_BYTES + 1)],
])('readJsonFile() tells that a file is %s', (_, text) => {
  const file = join(folder, 'kept.json');
  writeFileSync(file, text);
  expect(readJsonFile(file)).toMatchObject({ kind: 'unusable' });
});

test('readJsonFile() tells absent from unreadable, removeJsonFile() does not mind', () => {
  const file = join(folder, 'absent.json');
  removeJsonFile(file);
  expect(readJsonFile(file)).toEqual({ kind: 'absent' });
  expect(readJsonFile(folder)).toMatchObject({ kind: 'unusable', reason: 'EISDIR' });
});

/** Writes as fast as it can until it is killed. */
const WRITER = `
  import { writeJsonFile } from ${JSON.stringify(new URL('./json-file.ts', import.meta.url).href)};
  const text = 'x'.repeat(50_000);
  for (let i = 0; ; i++) {
    writeJsonFile(process.argv[1], { i, text, last: i });
    if (i === 0) process.stdout.write('begun');
  }`;

test('a writer that is killed at any moment leaves a whole file', async () => {
  const file = join(folder, 'kept.json');
  for (let round = 0; round < 5; round++) {
    const child = spawn(process.execPath, ['--input-type=module', '-e', WRITER, file], {
      env: { ...process.env, NODE_OPTIONS: '' },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    await once(child.stdout, 'data');
    const { promise, resolve } = Promise.withResolvers<void>();
    setTimeout(resolve, 7 * round);
    await promise;
    const exit = once(child, 'exit');
    child.kill('SIGKILL');
    await exit;
    const read = readJsonFile(file);
    expect(read.kind).toBe('read');
    const { i, last, text } = (read as { value: { i: number; last: number; text: string } }).value;
    expect([last, text.length]).toEqual([i, 50_000]);
  }
  // What was being written is beside, and the next write is not disturbed by it.
  writeJsonFile(file, { done: true });
  expect(readJsonFile(file)).toEqual({ kind: 'read', value: { done: true } });
});
