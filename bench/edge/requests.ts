// What is asked: rows of 64 features in the three forms that the edge takes, each with a key of its own.
import { writeSafetensors } from '@dandan/shared/bundle';
import { createCascade } from '@dandan/shared/cascade';
import { createRandom } from '@dandan/shared/random';
import { createTestBundle, signFirstRelease, type TestBundle } from '@dandan/shared/testing';
import { encodeQuantisedRows, SAFETENSORS_MEDIA_TYPE } from '@dandan/shared/wire';
import type { Server } from './server.ts';

const FEATURES = 64;

/** A cascade of four stages; no row stops before the last, which is the most that a row can cost. */
export function createBenchBundle(): Promise<TestBundle> {
  return createTestBundle({
    model: 'bench',
    structure: 'additive',
    units: [16, 32, 64, 128],
    width: FEATURES,
    classes: 8,
    thresholds: [null, null, null],
  });
}

export type Form = 'json' | 'f32' | 'codes';

export interface Body {
  readonly type: string;
  readonly query: string;
  readonly bytes: Uint8Array;
}

/** As sensors give them: four digits behind the point. */
function values(count: number): Float32Array {
  const random = createRandom(count);
  return Float32Array.from({ length: count * FEATURES }, () => Number(random.normal().toFixed(4)));
}

function jsonBody(count: number): Uint8Array {
  const all = values(count);
  const rows = Array.from({ length: count }, (_, i) =>
    Array.from(all.subarray(i * FEATURES, (i + 1) * FEATURES), (x) => Number(x.toFixed(4))),
  );
  return Buffer.from(JSON.stringify({ rows }));
}

/** `count` rows as the body of a prediction. */
export function bodyOf(form: Form, count: number, { bundle, sha256 }: TestBundle): Body {
  const { model } = bundle.manifest;
  if (form === 'json') return { type: 'application/json', query: '', bytes: jsonBody(count) };
  const rows = { count, width: FEATURES, values: values(count) };
  if (form === 'f32') {
    const shape = [count, FEATURES];
    const bytes = writeSafetensors([{ name: 'x', dtype: 'F32', shape, data: rows.values }]);
    return { type: SAFETENSORS_MEDIA_TYPE, query: '', bytes };
  }
  const quantised = createCascade(bundle).quantise(rows);
  const bytes = encodeQuantisedRows(quantised, { model, bundle: sha256 });
  return { type: SAFETENSORS_MEDIA_TYPE, query: `?bundle=${sha256}`, bytes };
}

async function call(
  server: Server,
  method: string,
  path: string,
  type: string,
  body: string | Uint8Array<ArrayBuffer>,
) {
  const response = await fetch(`http://127.0.0.1:${server.port}${path}`, {
    method,
    headers: { authorization: `Bearer ${server.operatorKey}`, 'content-type': type },
    body,
  });
  if (!response.ok) throw new Error(`${method} ${path}: ${await response.text()}`);
  return (await response.json()) as { readonly key: string };
}

/** Uploads the bundle, points `stable` at it and makes `count` keys of scope predict. */
export async function prepareServer(
  server: Server,
  made: TestBundle,
  count: number,
): Promise<string[]> {
  const { bytes, sha256 } = made;
  await call(server, 'PUT', `/v1/models/bench/bundles/${sha256}`, SAFETENSORS_MEDIA_TYPE, bytes);
  const { trust, publish } = await signFirstRelease(made);
  for (const [path, json] of [
    ['/v1/signing-keys', trust],
    ['/v1/models/bench/channels/stable', publish],
  ] as const) {
    await call(server, 'POST', path, 'application/json', JSON.stringify(json));
  }
  const keys: string[] = [];
  for (let i = 0; i < count; i++) {
    const body = JSON.stringify({ name: `bench ${i}`, scope: 'predict' });
    keys.push((await call(server, 'POST', '/v1/keys', 'application/json', body)).key);
  }
  return keys;
}

/** The bytes of a prediction on the wire, in base64. */
export function predictRequest(key: string, { type, query, bytes }: Body): string {
  const head = [
    `POST /v1/models/bench/predict${query} HTTP/1.1`,
    'host: edge.test',
    `authorization: Bearer ${key}`,
    `content-type: ${type}`,
    `content-length: ${bytes.length}`,
  ];
  return Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`), bytes]).toString('base64');
}

/** The same body for a route that only reads it. */
export function trivialJsonRequest({ type, bytes }: Body): string {
  const head = ['POST / HTTP/1.1', 'host: edge.test', `content-type: ${type}`];
  const length = `content-length: ${bytes.length}`;
  const text = [...head, length].join('\r\n');
  return Buffer.concat([Buffer.from(`${text}\r\n\r\n`), bytes]).toString('base64');
}

export function trivialRequest(): string {
  return Buffer.from('GET / HTTP/1.1\r\nhost: edge.test\r\n\r\n').toString('base64');
}
