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
