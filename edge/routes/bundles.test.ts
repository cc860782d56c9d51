import { env } from 'cloudflare:workers';
import { MAX_BUNDLE_BYTES, readBundle, sha256Hex, writeSafetensors } from '@dandan/shared/bundle';
import { createTestBundle } from '@dandan/shared/testing';
import { beforeAll, expect, test } from 'vitest';
import {
  bundlePath,
  call,
  createKey,
  expectProblem,
  migrate,
  safetensors,
  storedCounts,
} from '../testing/edge-client.ts';

const first = await createTestBundle({ model: 'press', seed: 1 });
const path = bundlePath(first);
let device = '';

beforeAll(async () => {
  await migrate();
  device = (await createKey('device')).key;
});

/** Asserts that a PUT is refused with `code` and leaves nothing behind. */
async function expectRefused(options: {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly status?: number;
  readonly code: string;
  readonly target?: string;
  readonly headers?: Readonly<Record<string, string>>;
}) {
  const { bytes, status = 422, code, headers = {} } = options;
  const target = options.target ?? `/v1/models/press/bundles/${await sha256Hex(bytes)}`;
  const before = await storedCounts();
  const response = await call(`PUT ${target}`, safetensors(bytes, { headers }));
  const problem = await expectProblem(response, status, code);
  expect(await storedCounts()).toEqual(before);
  return problem;
}

/** The bundle with one byte of `offset` flipped. */
function flipped(offset: number): Uint8Array<ArrayBuffer> {
  const bytes = first.bytes.slice();
  bytes[offset] ^= 1;
  return bytes;
}

test('PUT refuses a truncated bundle at every kind of place', async () => {
  for (const end of [0, 7, 8, 100, first.bytes.length - 1]) {
    await expectRefused({ bytes: first.bytes.slice(0, end), code: 'bundle-truncated' });
  }
});

test('PUT refuses garbage', async () => {
  const bytes = Uint8Array.from({ length: 4096 }, (_, i) => (i * 197 + 13) & 255);
  await expectRefused({ bytes, code: 'bundle-header-invalid' });
});

test('PUT refuses a bit flipped in the weights, naming the stage', async () => {
  const problem = await expectRefused({
    bytes: flipped(first.bytes.length - 1),
    code: 'bundle-hash-mismatch',
  });
  expect(problem.field).toBe('manifest.stages.2.sha256');
});

test('PUT refuses a bit flipped in the manifest', async () => {
  const at = new TextDecoder('latin1').decode(first.bytes).indexOf('\\"schema\\":1') + 11;
  await expectRefused({ bytes: flipped(at), code: 'bundle-schema-unsupported' });
});

test('PUT refuses a file with bytes after its end', async () => {
  const bytes = new Uint8Array(first.bytes.length + 1);
  bytes.set(first.bytes);
  await expectRefused({ bytes, code: 'bundle-header-invalid' });
});

test('PUT refuses a safetensors file that is no bundle', async () => {
  const data = new Float32Array(3);
  const bytes = writeSafetensors([{ name: 'x', dtype: 'F32', shape: [3], data }]);
  await expectRefused({ bytes, code: 'bundle-manifest-invalid' });
});

test('PUT refuses a body that does not hash to the path', async () => {
  const problem = await expectRefused({
    bytes: flipped(first.bytes.length - 1),
    target: path,
    code: 'bundle-hash-mismatch',
  });
  expect(problem).toMatchObject({ field: 'sha256', allowed: first.sha256 });
});

test('PUT refuses a bundle of another model', async () => {
  const target = `/v1/models/lathe/bundles/${first.sha256}`;
  const { bytes } = first;
  const problem = await expectRefused({ bytes, target, code: 'bundle-manifest-invalid' });
  expect(problem).toMatchObject({ field: 'manifest.model', value: 'press', allowed: 'lathe' });
});

test('PUT refuses paths that are no model or hash', async () => {
  const { bytes } = first;
  const upper = `/v1/models/Press/bundles/${first.sha256}`;
  const model = await expectRefused({ bytes, target: upper, code: 'option-invalid' });
  expect(model.field).toBe('model');
  const short = '/v1/models/press/bundles/abc';
  const hash = await expectRefused({ bytes, target: short, code: 'option-invalid' });
  expect(hash.field).toBe('sha256');
});

test('PUT refuses other media types', async () => {
  await expectRefused({
    bytes: first.bytes,
    status: 415,
    code: 'media-type-unsupported',
    headers: { 'content-type': 'application/json' },
  });
});

test('PUT refuses an oversized bundle by its declared length, reading nothing', async () => {
  const problem = await expectRefused({
    bytes: new Uint8Array(MAX_BUNDLE_BYTES + 1),
    target: path,
    status: 413,
    code: 'bundle-too-large',
  });
  expect(problem).toMatchObject({ value: MAX_BUNDLE_BYTES + 1 });
});

test('PUT stops reading an oversized bundle of undeclared length', async () => {
  const chunk = new Uint8Array(1024 * 1024);
  let sent = 0;
  const body = new ReadableStream({
    pull(controller) {
      sent += chunk.length;
      controller.enqueue(chunk.slice());
      // Twice the limit: the test must end by refusal, not by the end of the body.
      if (sent >= 2 * MAX_BUNDLE_BYTES) controller.close();
    },
  });
  const before = await storedCounts();
  const response = await call(`PUT ${path}`, safetensors(body));
  await expectProblem(response, 413, 'bundle-too-large');
  expect(sent).toBeLessThan(MAX_BUNDLE_BYTES + 8 * chunk.length);
  expect(await storedCounts()).toEqual(before);
});

test('PUT stores a bundle once and GET gives back its bytes', async () => {
  const put = await call(`PUT ${path}`, safetensors(first.bytes));
  expect(put.status).toBe(201);
  const record = await put.json<{ created: string }>();
  expect(record).toMatchObject({
    model: 'press',
    sha256: first.sha256,
    bytes: first.bytes.length,
    version: 'test-1',
    stages: 3,
  });
  const stored = await storedCounts();
  const octets = { 'content-type': 'application/octet-stream' };
  const again = await call(`PUT ${path}`, { body: first.bytes, headers: octets });
  expect([again.status, await again.json()]).toEqual([200, record]);
  expect(await storedCounts()).toEqual(stored);
  const got = await call(`GET ${path}`, { key: device });
  expect(got.status).toBe(200);
  expect(got.headers.get('etag')).toBe(`"${first.sha256}"`);
  expect(got.headers.get('content-length')).toBe(String(first.bytes.length));
  expect(new Uint8Array(await got.arrayBuffer())).toEqual(first.bytes);
});

test('PUT puts back a file that R2 has lost', async () => {
  const lost = await createTestBundle({ model: 'press', seed: 7 });
  const target = bundlePath(lost);
  expect((await call(`PUT ${target}`, safetensors(lost.bytes))).status).toBe(201);
  await env.BUNDLES.delete(`bundles/${lost.sha256}.safetensors`);
  expect((await call(`PUT ${target}`, safetensors(lost.bytes))).status).toBe(200);
  const got = await call(`GET ${target}`);
  expect(await sha256Hex(new Uint8Array(await got.arrayBuffer()))).toBe(lost.sha256);
});

test('two uploads of one bundle at once make one row', async () => {
  const raced = await createTestBundle({ model: 'press', seed: 8 });
  const before = await storedCounts();
  const put = () => call(`PUT ${bundlePath(raced)}`, safetensors(raced.bytes));
  const responses = await Promise.all([put(), put(), put()]);
  expect(responses.map(({ status }) => status).sort()).toEqual([200, 200, 201]);
  const records = await Promise.all(responses.map((response) => response.json()));
  expect(new Set(records.map((record) => JSON.stringify(record))).size).toBe(1);
  const after = await storedCounts();
  expect(after).toEqual({
    ...before,
    bundles: before.bundles + 1,
    objects: before.objects + 1,
    audited: before.audited + 1,
  });
});

test('GET with Range gives a prefix that holds the first stage', async () => {
  const [{ endByte }] = first.bundle.manifest.stages;
  const header = new DataView(first.bytes.buffer).getBigUint64(0, true);
  const length = 8 + Number(header) + endByte;
  const headers = { range: `bytes=0-${length - 1}` };
  const response = await call(`GET ${path}`, { key: device, headers });
  expect(response.status).toBe(206);
  expect(response.headers.get('content-range')).toBe(`bytes 0-${length - 1}/${first.bytes.length}`);
  const bytes = new Uint8Array(await response.arrayBuffer());
  expect(bytes.length).toBe(length);
  const prefix = await readBundle(bytes, { stages: 1 });
  expect(prefix.stages).toEqual(first.bundle.stages.slice(0, 1));
});

test('GET with Range: suffix, beyond the end, and a stale If-Range', async () => {
  const size = first.bytes.length;
  const suffix = await call(`GET ${path}`, { headers: { range: 'bytes=-5' } });
  expect([suffix.status, suffix.headers.get('content-range')]).toEqual([
    206,
    `bytes ${size - 5}-${size - 1}/${size}`,
  ]);
  expect(new Uint8Array(await suffix.arrayBuffer())).toEqual(first.bytes.slice(-5));
  const beyond = await call(`GET ${path}`, { headers: { range: `bytes=${size}-` } });
  expect(beyond.headers.get('content-range')).toBe(`bytes */${size}`);
  await expectProblem(beyond, 416, 'range-not-satisfiable');
  const stale = { range: 'bytes=0-1', 'if-range': '"other"' };
  const whole = await call(`GET ${path}`, { headers: stale });
  expect([whole.status, (await whole.arrayBuffer()).byteLength]).toEqual([200, size]);
});

test('GET answers 304 to the ETag, HEAD has the headers alone', async () => {
  const cached = await call(`GET ${path}`, { headers: { 'if-none-match': `"${first.sha256}"` } });
  expect([cached.status, await cached.text()]).toEqual([304, '']);
  const head = await call(`HEAD ${path}`);
  expect([head.status, head.headers.get('etag')]).toEqual([200, `"${first.sha256}"`]);
  expect(head.headers.get('content-length')).toBe(String(first.bytes.length));
  expect(await head.text()).toBe('');
});

test('GET refuses a bundle the model does not have', async () => {
  const absent = `GET /v1/models/press/bundles/${'0'.repeat(64)}`;
  await expectProblem(await call(absent), 404, 'bundle-unknown');
  const elsewhere = `GET /v1/models/lathe/bundles/${first.sha256}`;
  await expectProblem(await call(elsewhere), 404, 'bundle-unknown');
});
