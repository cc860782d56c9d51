import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { folderCheckpoint, noCheckpoint, type PhaseResult } from './checkpoint.ts';

const RESULT: PhaseResult = {
  arrays: { 'weights/head.u': Float32Array.of(0.1, -2, 3e-40), logits: Float32Array.of(1) },
  numbers: { validationAccuracy: 0.1 + 0.2, epochs: 7 },
};

async function folder(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'dandan-checkpoint-'));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  return join(dir, 'checkpoint');
}

test('folderCheckpoint() gives back what was saved, bit for bit', async () => {
  const dir = await folder();
  const checkpoint = folderCheckpoint(dir, 'key');
  expect(await checkpoint.load('teacher')).toBeUndefined();
  await checkpoint.save('teacher', RESULT);
  expect(await folderCheckpoint(dir, 'key').load('teacher')).toEqual(RESULT);
  expect(await checkpoint.load('mlp')).toBeUndefined();
  expect(await readdir(dir)).toEqual(['teacher.safetensors']);
});

test('folderCheckpoint() keeps a phase without arrays', async () => {
  const checkpoint = folderCheckpoint(await folder(), 'key');
  const numbers = { accuracy: 0.5 };
  await checkpoint.save('mlp', { arrays: {}, numbers });
  expect(await checkpoint.load('mlp')).toEqual({ arrays: {}, numbers });
});

test('folderCheckpoint() ignores what another key saved, and replaces it', async () => {
  const dir = await folder();
  await folderCheckpoint(dir, 'other data').save('teacher', RESULT);
  const checkpoint = folderCheckpoint(dir, 'key');
  expect(await checkpoint.load('teacher')).toBeUndefined();
  await checkpoint.save('teacher', { ...RESULT, numbers: { epochs: 1 } });
  expect((await checkpoint.load('teacher'))?.numbers).toEqual({ epochs: 1 });
});

test('folderCheckpoint() takes a file that was cut off anywhere for absent', async () => {
  const dir = await folder();
  const checkpoint = folderCheckpoint(dir, 'key');
  await checkpoint.save('teacher', RESULT);
  const file = join(dir, 'teacher.safetensors');
  const whole = await readFile(file);
  for (let length = 0; length < whole.length; length += 3) {
    await writeFile(file, whole.subarray(0, length));
    expect(await checkpoint.load('teacher'), `${length} bytes`).toBeUndefined();
  }
  await writeFile(file, whole);
  expect(await checkpoint.load('teacher')).toEqual(RESULT);
});

test('folderCheckpoint() takes a file with any altered byte for absent', async () => {
  const dir = await folder();
  const checkpoint = folderCheckpoint(dir, 'key');
  await checkpoint.save('teacher', RESULT);
  const file = join(dir, 'teacher.safetensors');
  const whole = await readFile(file);
  for (let at = 0; at < whole.length; at++) {
    const altered = Buffer.from(whole);
    altered[at] ^= 1;
    await writeFile(file, altered);
    const loaded = await checkpoint.load('teacher');
    // Blanks that pad the header may change without changing what it says.
    if (loaded !== undefined) expect(loaded, `byte ${at}`).toEqual(RESULT);
  }
  await writeFile(file, 'garbage');
  expect(await checkpoint.load('teacher')).toBeUndefined();
});

test('folderCheckpoint() clears its folder, also when there is none', async () => {
  const dir = await folder();
  const checkpoint = folderCheckpoint(dir, 'key');
  await checkpoint.clear();
  await checkpoint.save('teacher', RESULT);
  await checkpoint.clear();
  await expect(readdir(dir)).rejects.toThrow('ENOENT');
  expect(await checkpoint.load('teacher')).toBeUndefined();
});

test('noCheckpoint remembers nothing', async () => {
  await noCheckpoint.save('teacher', RESULT);
  expect(await noCheckpoint.load('teacher')).toBeUndefined();
});
