import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { writeFileAtomic } from './write-file-atomic.ts';

async function folder(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'dandan-write-'));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  return dir;
}

test('writeFileAtomic() makes folders, writes bytes and text, and replaces a file', async () => {
  const dir = await folder();
  const path = join(dir, 'a', 'b', 'file');
  await writeFileAtomic(path, Uint8Array.of(1, 2, 3));
  expect([...(await readFile(path))]).toEqual([1, 2, 3]);
  await writeFileAtomic(path, 'text');
  expect(await readFile(path, 'utf8')).toBe('text');
  expect(await readdir(join(dir, 'a', 'b'))).toEqual(['file']);
});

test('writeFileAtomic() leaves no partial file where it cannot write', async () => {
  const dir = await folder();
  await mkdir(join(dir, 'taken'));
  await writeFile(join(dir, 'taken', 'kept'), 'kept');
  const failing = writeFileAtomic(join(dir, 'taken'), 'text');
  await expect(failing).rejects.toMatchObject({
    name: 'InputError',
    code: 'output-unwritable',
    field: join(dir, 'taken'),
    value: 'EISDIR',
  });
  expect(await readdir(dir)).toEqual(['taken']);
  expect(await readFile(join(dir, 'taken', 'kept'), 'utf8')).toBe('kept');
});

test('writeFileAtomic() refuses a path below a file', async () => {
  const dir = await folder();
  await writeFile(join(dir, 'file'), 'kept');
  const failing = writeFileAtomic(join(dir, 'file', 'below'), 'text');
  await expect(failing).rejects.toMatchObject({ code: 'output-unwritable' });
  expect(await readFile(join(dir, 'file'), 'utf8')).toBe('kept');
});

test('writeFileAtomic() leaves no partial file when the data cannot be written', async () => {
  const dir = await folder();
  await writeFile(join(dir, 'file'), 'old');
  // What a caller without types could pass.
  const failing = writeFileAtomic(join(dir, 'file'), 5 as unknown as string);
  await expect(failing).rejects.toMatchObject({ code: 'output-unwritable' });
  expect(await readdir(dir)).toEqual(['file']);
  expect(await readFile(join(dir, 'file'), 'utf8')).toBe('old');
});
