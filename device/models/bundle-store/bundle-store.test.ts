import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseSafetensors } from '@dandan/shared/bundle';
import { describeBundle } from '@dandan/shared/release';
import { createTestBundle } from '@dandan/shared/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  createBundleStore,
  createFiles,
  createPrefixCheck,
  lockStore,
  writeAtomic,
} from './index.ts';
import { createFragileFiles } from './testing/fragile-files.ts';

const made = await createTestBundle();
const other = await createTestBundle({ seed: 2 });
const pointed = await describeBundle(made.bytes);
const { dataOffset } = parseSafetensors(made.bytes);
const endOf = (stage: number) => dataOffset + made.bundle.manifest.stages[stage - 1].endByte;
const prefix = (stage: number) => made.bytes.slice(0, endOf(stage));

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dandan-store-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const inMemory = (maxBytes?: number) => {
  const files = createFragileFiles();
  const store = createBundleStore({ folder: '/b', files, ...(maxBytes && { maxBytes }) });
  return { files, store };
};

test('a store on the disk keeps bundles for its owner alone', async () => {
  const place = join(folder, 'deep', 'bundles');
  const store = createBundleStore({ folder: place, files: createFiles() });
  await store.prepare();
  const { sha256 } = made;
  await store.writePart(sha256, 0, prefix(1).subarray(0, 100));
  await store.writePart(sha256, 100, prefix(1).subarray(100));
  expect(await store.readPart(sha256)).toEqual({ bytes: prefix(1), kept: true });
  expect(await store.open(pointed, 1)).toEqual({ kind: 'missing' });
  await store.seal(sha256);
  const opened = await store.open(pointed, 1);
  expect(opened).toMatchObject({ kind: 'ready', sha256, stages: 1, pointed });
  const { file } = opened as { file: string };
  expect(new Uint8Array(await readFile(file))).toEqual(prefix(1));
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect((await stat(place)).mode & 0o777).toBe(0o700);
  expect(await store.list()).toEqual([{ sha256, bytes: endOf(1), complete: true }]);
  await writeAtomic(createFiles(), join(place, 'x.new'), new Uint8Array(3));
  await store.prepare();
  expect((await createFiles().list(place)).map(({ name }) => name)).toEqual([
    `${sha256}.safetensors`,
  ]);
});

test('open() hands out what was released and nothing else', async () => {
  const { files, store } = inMemory();
  const path = `/b/${made.sha256}.safetensors`;
  const opened = async (bytes: Uint8Array, stages: number | 'all') => {
    await files.write(path, bytes);
    return (await store.open(pointed, stages)).kind;
  };
  expect(await opened(made.bytes, 'all')).toBe('ready');
  expect(await opened(made.bytes, 1)).toBe('ready');
  // More stages than the bundle has are all of them.
  expect(await store.open(pointed, 9)).toMatchObject({ kind: 'ready', stages: 3 });
  expect(await opened(prefix(2), 2)).toBe('ready');
  expect(await opened(prefix(2), 3)).toBe('missing');
  expect(await opened(prefix(2), 'all')).toBe('missing');
  expect(await opened(new Uint8Array(), 1)).toBe('missing');
  expect(await opened(other.bytes, 1)).toBe('damaged');
  expect(await opened(Uint8Array.from([...made.bytes, 0]), 1)).toBe('damaged');
  for (let at = 0; at < made.bytes.byteLength; at += 53) {
    const altered = made.bytes.slice();
    altered[at] ^= 128;
    expect(await opened(altered, 'all'), `byte ${at}`).toBe('damaged');
    if (at < endOf(1)) {
      expect(await opened(altered.subarray(0, endOf(1)), 1), `byte ${at}`).toBe('damaged');
    }
  }
});

test('open() says so where the released bundle itself cannot be run', async () => {
  const { files, store } = inMemory();
  const text = new TextDecoder('latin1').decode(made.bytes);
  const newer = Uint8Array.from(text.replace('\\"schema\\":1', '\\"schema\\":7'), (character) =>
    character.charCodeAt(0),
  );
  const released = await describeBundle(newer);
  await files.write(`/b/${released.sha256}.safetensors`, newer);
  await expect(store.open(released, 1)).rejects.toMatchObject({
    code: 'bundle-schema-unsupported',
  });
});

test('a store has a size, and its garbage is what nobody names', async () => {
  const { store } = inMemory(3000);
  await store.writePart('a'.repeat(64), 0, new Uint8Array(2000));
  await store.seal('a'.repeat(64));
  await store.writePart('b'.repeat(64), 0, new Uint8Array(1000));
  await expect(store.writePart('b'.repeat(64), 1000, new Uint8Array(1))).rejects.toMatchObject({
    code: 'store-full',
    allowed: 'at most 3000 bytes',
  });
  // Written anew it takes no more room than before.
  await store.writePart('b'.repeat(64), 0, new Uint8Array(1000));
  expect(await store.collect(async () => new Set(['b'.repeat(64)]))).toBe(2000);
  expect(await store.list()).toEqual([{ sha256: 'b'.repeat(64), bytes: 1000, complete: false }]);
});

test('createPrefixCheck() goes as far as the bytes do, whatever their pieces', async () => {
  for (const piece of [1, 7, 100, 5000]) {
    const check = createPrefixCheck({ pointed, stages: 2 });
    for (let end = 0; end < endOf(2) + piece; end += piece) {
      expect(await check.advance(made.bytes.subarray(0, Math.min(end, endOf(2))))).toBe(true);
      expect(check.verified).toBeLessThanOrEqual(end);
    }
    expect(check).toMatchObject({ complete: true, verified: endOf(2), end: endOf(2) });
  }
});

test('createPrefixCheck() refuses a length of the header that no bundle has', async () => {
  for (const length of [0xffffffff, made.bytes.byteLength]) {
    const bytes = made.bytes.slice();
    new DataView(bytes.buffer).setBigUint64(0, BigInt(length), true);
    expect(await createPrefixCheck({ pointed, stages: 1 }).advance(bytes)).toBe(false);
  }
});

test('lockStore() holds its lock where nobody holds on to it', async () => {
  const place = join(folder, 'forgotten');
  const index = new URL('index.ts', import.meta.url).href;
  const hold = `const { lockStore } = await import('${index}'); lockStore('${place}'); gc(); await new Promise((done) => setTimeout(done, 50)); gc(); process.stdout.write('held'); process.stdin.resume();`;
  const child = spawn(process.execPath, ['--expose-gc', '--input-type=module', '-e', hold], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const closed = once(child, 'close');
  await once(child.stdout, 'data');
  expect(lockStore(place)).toBeUndefined();
  child.kill('SIGKILL');
  await closed;
  const lock = lockStore(place);
  expect(lock).toBeDefined();
  lock?.[Symbol.dispose]();
});

test('lockStore() keeps a second process out, and ends with the first', async () => {
  const place = join(folder, 'locked');
  const first = lockStore(place);
  expect(first).toBeDefined();
  const index = new URL('index.ts', import.meta.url).href;
  const tryToLock = `const { lockStore } = await import('${index}'); process.stdout.write(String(lockStore('${place}') !== undefined)); process.kill(process.pid, 'SIGKILL');`;
  const attempt = () => {
    try {
      execFileSync(process.execPath, ['--input-type=module', '-e', tryToLock], { stdio: 'pipe' });
    } catch (error) {
      return (error as { stdout: Buffer }).stdout.toString();
    }
    return 'was not killed';
  };
  expect(attempt()).toBe('false');
  first?.[Symbol.dispose]();
  expect(attempt()).toBe('true');
  expect(attempt()).toBe('true');
});

test('files that cannot be read are told, not taken for missing', async () => {
  const place = join(folder, 'closed');
  const files = createFiles();
  await files.makeFolder(place);
  await files.write(join(place, 'x'), new Uint8Array(1));
  expect(await files.read(join(place, 'y'), 10)).toBeUndefined();
  await expect(files.read(place, 10)).rejects.toMatchObject({ code: 'EISDIR' });
  await chmod(join(place, 'x'), 0o600);
  await files.writeFrom(join(place, 'z'), 0, new Uint8Array([1, 2, 3]));
  await files.writeFrom(join(place, 'z'), 1, new Uint8Array([9]));
  expect(await files.read(join(place, 'z'), 10)).toEqual(new Uint8Array([1, 9]));
});
