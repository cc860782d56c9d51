import { once } from 'node:events';
import { chmod, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { checkBundle } from './bundle.ts';
import { type ClockCheckOptions, judgeClock } from './clock.ts';
import { checkDisk } from './disk.ts';
import { checkMemory, checkNode, checkPort } from './machine.ts';
import { checkPermissions } from './permissions.ts';
import { renderChecks, wrap } from './table.ts';

let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dandan-check-'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

const NOW = Date.UTC(2026, 10, 26, 4);
const DATE = new Date(NOW).toUTCString();

test.each<[string, Partial<ClockCheckOptions>, RegExp]>([
  ['within its second', {}, /^agrees/],
  ['while the answer was slow', { askedAt: NOW - 9000 }, /^agrees/],
  [
    'of a machine that is behind',
    { askedAt: NOW - 20_000, answeredAt: NOW - 19_900 },
    /^19\.9 s behind/,
  ],
  [
    'of a machine that is ahead',
    { askedAt: NOW + 21_000, answeredAt: NOW + 21_100 },
    /^20\.0 s ahead/,
  ],
  ['without an edge', { date: null }, /no edge answered/],
  ['of an edge that says nothing useful', { date: 'soon' }, /no edge answered/],
])('a clock %s is judged', (_, options, detail) => {
  const found = judgeClock({ date: DATE, askedAt: NOW, answeredAt: NOW + 100, ...options });
  expect(found.detail).toMatch(detail);
  expect(found.warning !== undefined).toBe(
    /\d s/.test(found.detail) && !/no edge/.test(found.detail),
  );
});

test.each<[string, ClockCheckOptions]>([
  ['1970', { date: DATE, askedAt: 5000, answeredAt: 5001 }],
  ['61 s off', { date: DATE, askedAt: NOW + 62_000, answeredAt: NOW + 62_001 }],
])('a clock of %s fails', (_, options) => {
  expect(() => judgeClock(options)).toThrow(expect.objectContaining({ name: 'CheckFailure' }));
});

test('a folder is made, measured and left empty', async () => {
  const inner = join(folder, 'new', 'outbox');
  const found = await checkDisk({ folder: inner, capBytes: 1000, field: 'outbox.file' });
  expect(found.detail).toMatch(/can be written: \d+(\.\d)? [MG]B free, \d+\.\d ms a write$/);
  expect(await readdir(inner)).toEqual([]);
});

test('a disk that is too small or too slow is a warning', async () => {
  const small = await checkDisk({ folder, capBytes: 1e18, field: 'outbox.file' });
  expect(small.warning).toMatch(/^free \d+.* GB on its file system, or lower/);
  let time = 0;
  const now = () => {
    time += 250;
    return time;
  };
  const slow = await checkDisk({ folder, capBytes: 1, field: 'journal.folder', now });
  expect(slow.detail).toContain('250.0 ms a write');
  expect(slow.warning).toContain('faster disk for journal.folder');
});

test('a folder that cannot be written fails with what to do', async () => {
  const file = join(folder, 'file');
  await writeFile(file, '');
  for (const bad of [join(file, 'x'), '/sys/x']) {
    await expect(checkDisk({ folder: bad, capBytes: 1, field: 'f' })).rejects.toMatchObject({
      name: 'CheckFailure',
      fix: expect.stringMatching(/in f$|mount the file system/),
    });
  }
});

async function file(name: string, mode: number): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, 'secret');
  await chmod(path, mode);
  return path;
}

test('secrets must be private, and the configuration not for all to change', async () => {
  const configFile = await file('gateway.yaml', 0o644);
  const key = await file('edge.key', 0o600);
  const found = await checkPermissions({ configFile, secretFiles: [key] });
  expect(found.detail).toContain('1 secret file(s) private');
  const open = await file('open.key', 0o640);
  await expect(checkPermissions({ configFile, secretFiles: [open] })).rejects.toMatchObject({
    message: `${open} has mode 0640: others can read it`,
    fix: `chmod 600 ${open}`,
  });
  const loose = await file('loose.yaml', 0o666);
  await expect(checkPermissions({ configFile: loose, secretFiles: [] })).rejects.toMatchObject({
    fix: `chmod o-w ${loose}`,
  });
  const none = join(folder, 'none');
  await expect(checkPermissions({ configFile, secretFiles: [none] })).rejects.toMatchObject({
    message: expect.stringContaining('ENOENT'),
  });
});

test('memory, ports and Node are judged by what the gateway needs', async () => {
  const memory = { neededBytes: 200e6, limitBytes: 400e6, freeBytes: 300e6 };
  expect((await checkMemory(memory)).warning).toBeUndefined();
  expect((await checkMemory({ ...memory, freeBytes: 100e6 })).warning).toBeDefined();
  await expect(checkMemory({ ...memory, limitBytes: 100e6 })).rejects.toMatchObject({
    message: '200 MB needed at most, 100 MB allowed',
  });
  expect(await checkMemory({ neededBytes: 1 })).toHaveProperty('detail');
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const options = { host: '127.0.0.1', port, field: 'exposition.port' };
  await expect(checkPort(options)).rejects.toMatchObject({ message: `127.0.0.1:${port} is taken` });
  server.close();
  await once(server, 'close');
  expect((await checkPort(options)).detail).toBe(`127.0.0.1:${port} is free`);
  await expect(checkPort({ ...options, host: '192.0.2.1' })).rejects.toMatchObject({
    message: expect.stringContaining('EADDRNOTAVAIL'),
  });
  expect(await checkNode()).toEqual({ detail: `Node ${process.versions.node}` });
  expect((await checkNode({ version: '22.18.0' })).warning).toBeDefined();
  for (const version of ['20.20.2', '22.17.9']) {
    await expect(checkNode({ version })).rejects.toMatchObject({ name: 'CheckFailure' });
  }
});

test('signing keys must be there where releases are taken', async () => {
  const cascade = { manifest: { stages: [1, 2, 3] } };
  // What is looked at of a model; bundles themselves are tested where they are loaded.
  const load = async () => [{ name: 'press', sha256: 'a'.repeat(64), stages: 1, cascade }] as never;
  const keys = join(folder, 'edge.key.signing-keys.json');
  expect(await checkBundle({ load, signingKeysFile: undefined })).toEqual({
    detail: 'press aaaaaaaaaaaa, runs 1 of 3 stages here',
  });
  for (const [text, problem] of [
    [undefined, 'is missing'],
    ['{"signingKeys":[]}', 'holds no key'],
    ['no JSON', 'cannot be read'],
  ]) {
    if (text !== undefined) await writeFile(keys, text);
    await expect(checkBundle({ load, signingKeysFile: keys })).rejects.toMatchObject({
      message: expect.stringContaining(problem ?? ''),
    });
  }
  await writeFile(keys, '{"signingKeys":[{"id":"a","publicKey":"b"}]}');
  expect(await checkBundle({ load, signingKeysFile: keys })).toHaveProperty('detail');
});

test('no line of a table is wider than the terminal, and no word is lost', () => {
  const text = fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 200 });
  fc.assert(
    fc.property(
      fc.array(text, { minLength: 1 }),
      fc.integer({ min: 60, max: 200 }),
      (details, width) => {
        const results = details.map((detail) => {
          return { name: 'broker tls', ok: false, state: 'failed' as const, detail, fix: detail };
        });
        const table = renderChecks(results, { width, colour: false });
        for (const line of table.split('\n')) expect(line.length).toBeLessThanOrEqual(width);
        for (const detail of details) {
          expect(wrap(detail, width).join('').replace(/\s/g, '')).toBe(detail.replace(/\s/g, ''));
        }
      },
    ),
  );
});

test('a table sums up its findings', () => {
  const results = [
    { name: 'config', ok: true, state: 'ok' as const, detail: 'gateway.yaml' },
    { name: 'clock', ok: true, state: 'warning' as const, detail: '4 s behind', fix: 'let NTP' },
    { name: 'broker tls', ok: false, state: 'failed' as const, detail: 'expired', fix: 'renew it' },
  ];
  expect(renderChecks(results, { width: 80, colour: false })).toBe(
    `ok       config      gateway.yaml
warning  clock       4 s behind
                     fix: let NTP
failed   broker tls  expired
                     fix: renew it

1 ok, 1 warning, 1 failed
`,
  );
  expect(renderChecks(results, { width: 80, colour: true })).toContain('\x1b[31mfailed   \x1b[39m');
});
