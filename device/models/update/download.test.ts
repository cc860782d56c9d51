import { parseSafetensors } from '@dandan/shared/bundle';
import { describeBundle, type PointedBundle } from '@dandan/shared/release';
import { createTestBundle, type TestBundle } from '@dandan/shared/testing';
import { expect, test } from 'vitest';
import { createBackoff } from '../../retry/index.ts';
import { TEST_SPEC } from '../../testing/telemetry-spec.ts';
import { createBundleStore, type Stages } from '../bundle-store/index.ts';
import { createFragileFiles } from '../bundle-store/testing/fragile-files.ts';
import { createBundleSource } from './bundle-source.ts';
import { type DownloadOptions, type DownloadOutcome, downloadBundle } from './download.ts';
import { type BundleServer, type Fault, startBundleServer } from './testing/bundle-server.ts';

const small = await createTestBundle({ telemetry: TEST_SPEC, units: [4, 4], model: 'press' });
/** Larger than the first request. */
const large = await createTestBundle({ seed: 2, width: 200, units: [400, 300], model: 'press' });
const pointedSmall = await describeBundle(small.bytes);
const pointedLarge = await describeBundle(large.bytes);

const endOf = ({ bytes, bundle }: TestBundle, stages: number) =>
  parseSafetensors(bytes).dataOffset + bundle.manifest.stages[stages - 1].endByte;

function fetcher(server: BundleServer, pointed: PointedBundle, stages: Stages = 1) {
  const files = createFragileFiles();
  const store = createBundleStore({ folder: '/bundles', files });
  const waits: number[] = [];
  const run = (options: Partial<DownloadOptions> = {}): Promise<DownloadOutcome> =>
    downloadBundle({
      store,
      source: createBundleSource({ url: server.url, key: 'dk_test' }),
      model: 'press',
      pointed,
      stages,
      backoff: createBackoff({ minMs: 100, maxMs: 1000, random: () => 0 }),
      signal: new AbortController().signal,
      wait: async (ms) => {
        waits.push(ms);
      },
      ...options,
    });
  return { files, store, run, waits };
}

async function fetchWith(fault: Fault, made: TestBundle, stages: Stages = 1) {
  const pointed = made === small ? pointedSmall : pointedLarge;
  await using server = await startBundleServer(made.bytes, made.sha256);
  server.fault = fault;
  const { run, store, files, waits } = fetcher(server, pointed, stages);
  const outcome = await run();
  const opened = await store.open(pointed, stages);
  return { outcome, opened, files, server, waits };
}

test('downloadBundle() fetches the stages that run here, and no byte more than one request brings', async () => {
  const { outcome, opened, server } = await fetchWith({}, large);
  const end = endOf(large, 1);
  expect(outcome).toEqual({ kind: 'complete', bytes: end });
  expect(opened).toMatchObject({ kind: 'ready', sha256: large.sha256, stages: 1 });
  expect(server.seen.map(({ range }) => range)).toEqual([
    'bytes=0-65535',
    `bytes=65536-${end - 1}`,
  ]);
  expect(server.sent).toBe(end);
  expect(server.seen[1].ifRange).toBe(`"${large.sha256}"`);
});

test('downloadBundle() fetches the whole where all stages run here', async () => {
  const { outcome, opened } = await fetchWith({}, large, 'all');
  expect(outcome).toEqual({ kind: 'complete', bytes: large.bytes.byteLength });
  expect(opened).toMatchObject({ kind: 'ready', stages: 2 });
});

test.each<[string, Fault]>([
  ['ignores ranges', { ignoresRange: true }],
  ['sends too much', { tooMuch: 5000 }],
  ['sends no etag', { etag: () => undefined }],
  ['has another etag', { etag: () => '"other"' }],
  ['has a weak etag', { etag: () => `W/"${large.sha256}"` }],
  ['changes its etag once', { etag: (n) => (n === 1 ? '"a"' : '"b"') }],
  ['cuts after 1,000 bytes', { cutAfter: 1000 }],
  ['ignores ranges and cuts late', { ignoresRange: true, cutAfter: 90_000, failsFirst: 1 }],
  ['is out of order at first', { failsFirst: 4 }],
])('downloadBundle() comes to its end with a server that %s', async (_, fault) => {
  const stages = fault.ignoresRange && fault.cutAfter ? 1 : 2;
  const made = fault.cutAfter === 90_000 ? small : large;
  const { outcome, opened } = await fetchWith(fault, made, stages);
  expect(outcome.kind).toBe('complete');
  expect(opened).toMatchObject({ kind: 'ready', stages });
});

test.each<[string, Fault, string]>([
  ['tells another length', { contentLength: 5, ignoresRange: true }, 'a file of 5 bytes'],
  ['sends another range', { contentRange: () => 'bytes 5-10/99' }, 'another range'],
  ['sends no range', { contentRange: () => '' }, 'another range'],
  ['states a huge file', { contentRange: (r) => r.replace(/\/.*/, '/999999') }, 'another range'],
  ['compresses', { headers: { 'content-encoding': 'br' } }, 'encoding br'],
  ['does not know the bundle', { status: 404 }, 'HTTP 404'],
  ['does not know the key', { status: 401 }, 'HTTP 401'],
  ['cannot satisfy the range', { status: 416 }, 'HTTP 416'],
  ['redirects', { status: 302, headers: { location: 'http://127.0.0.1:9/' } }, 'redirect'],
  ['is out of order', { status: 503 }, 'HTTP 503'],
  ['sends other bytes', { alter: (bytes) => bytes.fill(1) }, 'not those of the bundle'],
  ['cuts at once', { cutAfter: 0 }, ''],
  ['changes its etag all the time', { etag: (n) => `"${n}"`, cutAfter: 40 }, ''],
])('downloadBundle() leaves a server that %s for later', async (_, fault, reason) => {
  const { outcome, opened, waits } = await fetchWith(fault, small);
  expect(outcome).toMatchObject({ kind: 'unavailable', reason: expect.stringContaining(reason) });
  expect(opened).toEqual({ kind: 'missing' });
  expect(waits.length).toBeLessThan(10);
});

test('downloadBundle() resumes where it was cut, wherever that was', async () => {
  await using server = await startBundleServer(small.bytes, small.sha256);
  const end = endOf(small, 1);
  for (let cut = 1; cut < end; cut += 7) {
    server.fault = { cutAfter: cut };
    const { run, store } = fetcher(server, pointedSmall);
    const gone = new AbortController();
    const stopped = run({ signal: gone.signal, wait: async () => gone.abort(new Error('stop')) });
    await expect(stopped, `${cut}`).rejects.toThrow('stop');
    server.fault = {};
    server.seen.length = 0;
    expect(await run(), `${cut}`).toMatchObject({ kind: 'complete' });
    expect(server.seen[0]?.range, `${cut}`).toMatch(new RegExp(`^bytes=${cut}-`));
    expect(await store.open(pointedSmall, 1)).toMatchObject({ kind: 'ready' });
  }
});

test('downloadBundle() comes through a line that is cut after every byte', async () => {
  const { outcome, waits, server } = await fetchWith({ cutAfter: 1 }, small);
  expect(server.seen).toHaveLength(endOf(small, 1));
  expect(outcome.kind).toBe('complete');
  // Progress starts the pauses over: a slow line is not a dead one.
  expect(Math.max(...waits)).toBe(50);
});

test('downloadBundle() fetches again only the stage whose bytes came wrong', async () => {
  const begin = endOf(large, 1);
  const { outcome, server } = await fetchWith(
    {
      alter: (bytes, offset, request) => {
        if (request === 2) bytes[bytes.byteLength - 1] ^= 1;
        return offset >= 0 ? bytes : bytes;
      },
    },
    large,
    2,
  );
  expect(outcome.kind).toBe('complete');
  expect(server.seen.map(({ range }) => range)).toContain(`bytes=${begin}-${endOf(large, 2) - 1}`);
});

test('downloadBundle() ends a connection that stalls', async () => {
  await using server = await startBundleServer(small.bytes, small.sha256);
  server.fault = { stallAfter: 100 };
  const { run } = fetcher(server, pointedSmall);
  const outcome = await run({ stallMs: 20 });
  expect(outcome.kind).toBe('complete');
  expect(server.seen.length).toBeGreaterThan(5);
});

test('downloadBundle() keeps to a rate, waits as long as it is told, and reports how far it is', async () => {
  await using server = await startBundleServer(large.bytes, large.sha256);
  server.fault = { failsFirst: 1 };
  const { run, waits } = fetcher(server, pointedLarge);
  const progress: number[] = [];
  await run({ bytesPerSecond: 10_000, onProgress: ({ received }) => progress.push(received) });
  const [told, ...pace] = waits;
  expect(told).toBe(1000);
  const paced = pace.reduce((sum, ms) => sum + ms, 0);
  // The last chunk of each of the two requests is not waited for.
  expect(paced).toBeGreaterThan(0);
  expect(paced).toBeLessThanOrEqual(endOf(large, 1) / 10);
  expect(progress.at(-1)).toBe(endOf(large, 1));
});

test('downloadBundle() refuses a bundle that this program cannot run before it fetches the rest', async () => {
  const text = new TextDecoder('latin1').decode(large.bytes);
  const newer = Uint8Array.from(text.replace('\\"schema\\":1', '\\"schema\\":9'), (character) =>
    character.charCodeAt(0),
  );
  expect(newer.byteLength).toBe(large.bytes.byteLength);
  const pointed = await describeBundle(newer);
  await using server = await startBundleServer(newer, pointed.sha256);
  const { run } = fetcher(server, pointed);
  expect(await run()).toMatchObject({
    kind: 'unusable',
    reason: expect.stringContaining('bundle-schema-unsupported'),
  });
  expect(server.seen).toHaveLength(1);
});

test('downloadBundle() refuses a length beyond all bundles without asking for it', async () => {
  await using server = await startBundleServer(small.bytes, small.sha256);
  const { run } = fetcher(server, { ...pointedSmall, bytes: 2 ** 40 });
  expect(await run()).toMatchObject({ kind: 'unusable' });
  expect(server.seen).toEqual([]);
});

test('downloadBundle() goes on from fewer stages, and mends a damaged bundle', async () => {
  await using server = await startBundleServer(large.bytes, large.sha256);
  const { run, files, store } = fetcher(server, pointedLarge);
  await run();
  server.seen.length = 0;
  await run({ stages: 2 });
  expect(server.seen.map(({ range }) => range)).toEqual([
    `bytes=${endOf(large, 1)}-${endOf(large, 2) - 1}`,
  ]);
  files.damage(`/bundles/${large.sha256}.safetensors`, (bytes) => {
    bytes[bytes.byteLength - 1] ^= 1;
    return bytes;
  });
  expect(await store.open(pointedLarge, 2)).toEqual({ kind: 'damaged' });
  server.seen.length = 0;
  await run({ stages: 2 });
  expect(server.seen).toHaveLength(1);
  expect(await store.open(pointedLarge, 2)).toMatchObject({ kind: 'ready' });
});
