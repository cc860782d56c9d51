// Fills a running edge over HTTP as a plant would: bundles, releases, gateways, rows.
import type { PolicyDocument } from '@dandan/shared/policy';
import {
  createSigningKey,
  describeBundle,
  exportPublicKey,
  signPointer,
} from '@dandan/shared/release';
import type { TestBundle } from '@dandan/shared/testing';
import { encodeQuantisedRows } from '@dandan/shared/wire';
import { createClient } from '../../client/client.ts';
import { calmRows, type Plant, unsureRows } from './plant.ts';

/** Gateways; the canary takes the new bundle on some of them. */
const LINES = 6;

const DAY_MS = 86_400_000;

export const POLICY: PolicyDocument = {
  schema: 1,
  note: 'Night shift watches fewer machines',
  timeZone: 'Asia/Tokyo',
  otherwise: 'day',
  rules: [
    { days: ['mon', 'tue', 'wed', 'thu', 'fri'], from: '22:00', to: '06:00', policy: 'night' },
  ],
  exceptions: [
    { name: 'New Year shutdown', from: '2026-12-29', to: '2027-01-04', policy: 'night' },
  ],
};

const modelOf = ({ bundle }: TestBundle) => bundle.manifest.model;

export type Client = ReturnType<typeof createClient>;

async function release(edge: Client, { good, next, mixer }: Plant): Promise<void> {
  const key = await createSigningKey();
  await edge('post', '/v1/signing-keys', {
    json: { name: 'trainer of plant 2', publicKey: await exportPublicKey(key) },
  });
  const pointer = async (number: number, bundle: TestBundle, fallback?: TestBundle) =>
    signPointer(
      {
        schema: 1,
        model: modelOf(bundle),
        channel: 'stable',
        release: number,
        bundle: await describeBundle(bundle.bytes),
        fallback: fallback ? await describeBundle(fallback.bytes) : null,
        issued: new Date().toISOString(),
        expires: new Date(Date.now() + DAY_MS).toISOString(),
      },
      key,
    );
  for (const each of [good, next, mixer]) {
    const params = { model: modelOf(each), sha256: each.sha256 };
    await edge('put', '/v1/models/{model}/bundles/{sha256}', { params, bytes: each.bytes });
  }
  const path = '/v1/models/{model}/channels/{channel}';
  const params = { model: modelOf(good), channel: 'stable' };
  await edge('post', path, { params, json: { pointer: await pointer(1, good) } });
  await edge('post', path, {
    params,
    json: {
      pointer: await pointer(2, next, good),
      canary: { percent: 20, deadlineMinutes: 720 },
    },
  });
  await edge('post', path, {
    params: { model: modelOf(mixer), channel: 'stable' },
    json: { pointer: await pointer(1, mixer) },
  });
}

/** A gateway that says what it runs and asks about rows it was unsure of. */
async function line(edge: Client, url: string, { good, next }: Plant, number: number) {
  const device = `line-${number}`;
  const { key } = await edge('post', '/v1/keys', {
    json: { name: device, scope: 'device', device },
  });
  const gateway = createClient({ url, key });
  const beat = (bundle: string, rows: number) =>
    gateway('post', '/v1/heartbeats', {
      json: {
        software: 'dandan-gateway 0.1.0',
        models: [
          {
            model: modelOf(good),
            channel: 'stable',
            release: 2,
            bundle,
            state: 'running',
            rows,
            errors: 0,
          },
        ],
      },
    });
  const { channels } = await beat(good.sha256, 0);
  const runs = channels[0]?.bundle === next.sha256 ? next : good;
  await beat(runs.sha256, 41_000 + 1000 * number);
  const { width } = runs.bundle.input;
  const rows = calmRows(width, 150, 100 + number, 14);
  const named = { model: modelOf(good), bundle: runs.sha256 };
  const bytes = new Uint8Array(encodeQuantisedRows(rows, named));
  await gateway('post', '/v1/escalations', { headers: { 'idempotency-key': device }, bytes });
  const params = { model: named.model };
  await gateway('post', '/v1/models/{model}/predict', { params, bytes });
  const hard = { ...named, bundle: good.sha256 };
  const unsure = encodeQuantisedRows(unsureRows(good, 4, 200 + number), hard);
  await gateway('post', '/v1/models/{model}/predict', { params, bytes: new Uint8Array(unsure) });
}

/** Rows of a night, of which one line of text is not a row. */
async function nights(edge: Client, { good }: Plant): Promise<void> {
  const { width } = good.bundle.input;
  const { codes } = calmRows(width, 2000, 55);
  const lines = Array.from({ length: 2000 }, (_, row) =>
    JSON.stringify(
      Array.from(codes.subarray(row * width, (row + 1) * width), (code) => (code - 64) / 16),
    ),
  );
  const upload = (name: string, text: string) =>
    edge('put', '/v1/job-inputs/{name}', {
      params: { name },
      bytes: new TextEncoder().encode(text),
    });
  await upload('line-3/2026-11-24.ndjson', lines.join('\n'));
  await upload('line-4/2026-11-24.ndjson', [...lines.slice(0, 700), '{"x": 1'].join('\n'));
  for (const number of [3, 4]) {
    await edge('post', '/v1/jobs', {
      headers: { 'idempotency-key': `line-${number}` },
      json: { model: 'press', input: `line-${number}/` },
    });
  }
  await edge('put', '/v1/job-schedules/{name}', {
    params: { name: 'line-3' },
    json: { hour: 15, job: { model: 'press', input: 'line-3/{date}.ndjson' } },
  });
}

/** @returns a client with the operator's key. */
export async function fillEdge(options: {
  readonly url: string;
  /** The operator's. */
  readonly key: string;
  readonly plant: Plant;
}): Promise<Client> {
  const { url, key, plant } = options;
  const edge = createClient({ url, key });
  await release(edge, plant);
  for (let number = 1; number <= LINES; number++) await line(edge, url, plant, number);
  const { width } = plant.mixer.bundle.input;
  const rows = encodeQuantisedRows(calmRows(width, 50, 7), {
    model: 'mixer',
    bundle: plant.mixer.sha256,
  });
  await edge('post', '/v1/models/{model}/predict', {
    params: { model: 'mixer' },
    bytes: new Uint8Array(rows),
  });
  await edge('put', '/v1/policies/{model}', { params: { model: 'press' }, json: POLICY });
  await nights(edge, plant);
  return edge;
}
