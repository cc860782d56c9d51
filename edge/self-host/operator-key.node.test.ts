import { chmod, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findOperatorKey } from './operator-key.ts';
import { temporaryFolder } from './testing/edge-process.ts';

let folder: string;

beforeAll(async () => {
  folder = await temporaryFolder();
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const find = (options: Partial<Parameters<typeof findOperatorKey>[0]> = {}) =>
  findOperatorKey({
    given: undefined,
    file: undefined,
    ownFile: join(folder, 'operator-key'),
    ...options,
  });

test('findOperatorKey() makes a key once, for this user alone', async () => {
  const first = find();
  expect(first.key).toMatch(/^[\w-]{43}$/);
  expect(first.from).not.toContain(first.key);
  expect((await stat(join(folder, 'operator-key'))).mode & 0o777).toBe(0o600);
  expect(find()).toEqual({ key: first.key, from: join(folder, 'operator-key') });
});

test('findOperatorKey() takes the environment before a file, and a file before its own', async () => {
  const file = join(folder, 'other');
  await writeFile(file, 'of-a-file-of-its-own\n', { mode: 0o600 });
  expect(find({ file }).key).toBe('of-a-file-of-its-own');
  expect(find({ file, given: 'of-the-environment' }).key).toBe('of-the-environment');
  expect(find({ file, given: '' }).key).toBe('of-a-file-of-its-own');
  await chmod(file, 0o644);
  expect(find({ file }).from).toContain('chmod 600');
});

test.each([
  ['a short one', 'short'],
  ['one with a space', 'a key with spaces in it'],
  ['one too long', 'x'.repeat(257)],
  ['one that is not ASCII', 'schlüssel-schlüssel'],
])('findOperatorKey() refuses %s and does not repeat it', async (_, key) => {
  const file = join(folder, 'bad');
  await writeFile(file, key);
  for (const options of [{ file }, { given: key }]) {
    const refusal = expect.objectContaining({ code: 'key-unusable' });
    expect(() => find(options)).toThrow(refusal);
    expect(() => find(options)).not.toThrow(key);
  }
});

test('findOperatorKey() says which file it cannot read, and makes no other', async () => {
  const file = join(folder, 'absent');
  expect(() => find({ file })).toThrow(/absent cannot be read: ENOENT/);
  await expect(readFile(file)).rejects.toThrow();
});
