// Several models of one gateway, wishes from the command line, keys, the configuration.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  createSigningKey,
  describeBundle,
  exportPublicKey,
  signPointer,
} from '@dandan/shared/release';
import { createTestBundle } from '@dandan/shared/testing';
import { expect, onTestFinished, test } from 'vitest';
import { modelsSchema, updatesSchema } from '../../config/sections/models.ts';
import { poll } from '../../testing/poll.ts';
import { TEST_SPEC } from '../../testing/telemetry-spec.ts';
import { createBundleStore } from '../bundle-store/index.ts';
import { createFragileFiles } from '../bundle-store/testing/fragile-files.ts';
import {
  createRequests,
  DEFAULT_CRITERIA,
  DEFAULT_PROBATION,
  openUpdater,
  readTrustedKeys,
} from './index.ts';
import type { Offer } from './offer.ts';
import { createStateFiles } from './state-files.ts';
import { SIGNER, START } from './testing/releases.ts';

const NAMES = ['press', 'lathe', 'mill'];
const MADE = await Promise.all(
  NAMES.map((model, seed) => createTestBundle({ model, seed: seed + 1, telemetry: TEST_SPEC })),
);

async function offerOf(index: number, channel: string): Promise<Offer> {
  const { bytes, sha256 } = MADE[index];
  const envelope = await signPointer(
    {
      schema: 1,
      model: NAMES[index],
      channel,
      release: 1,
      bundle: await describeBundle(bytes),
      fallback: null,
      issued: new Date(START).toISOString(),
      expires: new Date(START + 86_400_000).toISOString(),
    },
    SIGNER,
  );
  return { envelope, serve: sha256 };
}

async function startGateway() {
  const files = createFragileFiles();
  const offers = await Promise.all(NAMES.map((_, index) => offerOf(index, 'stable')));
  const store = createBundleStore({ folder: '/bundles', files });
  const served = new Map<string, string | undefined>();
  const ignore = () => {};
  const requests = createRequests({ folder: '/state', files });
  const updater = await openUpdater({
    models: NAMES.map((model) => ({
      model,
      channel: 'stable',
      stages: 1,
      criteria: DEFAULT_CRITERIA,
      probation: { ...DEFAULT_PROBATION, minMs: 0 },
    })),
    parts: {
      store,
      state: createStateFiles({ folder: '/state', files }),
      keys: async () => [SIGNER],
      channels: {
        ask: async (model) => ({
          kind: 'offer',
          offer: offers[NAMES.indexOf(model)],
          edgeTime: START,
        }),
      },
      source: {
        async open({ model, offset, end }) {
          const bytes = MADE[NAMES.indexOf(model)].bytes.slice(offset, end);
          async function* body() {
            yield bytes;
          }
          return { kind: 'part', offset, etag: undefined, body: body() };
        },
      },
      log: { debug: ignore, info: ignore, warn: ignore, error: ignore },
      now: () => START,
      monotonic: () => 0,
      random: () => 0,
      wait: async () => {},
    },
    host: ({ model }) => ({
      serve: (local) => void served.set(model, local?.sha256),
      start: () => ({ observe: ignore, stop: ignore }),
    }),
    checkIntervalMs: 0,
    requests,
  });
  onTestFinished(() => updater.stop());
  await updater.start();
  return { updater, served, requests, store };
}

test('models of one gateway are updated side by side and keep each other’s bundles', async () => {
  const { updater, served, store } = await startGateway();
  await updater.check();
  await poll('all models', () =>
    updater.report().every(({ phase, running }) => phase === 'init' && running),
  );
  expect(Object.fromEntries(served)).toEqual(
    Object.fromEntries(NAMES.map((model, i) => [model, MADE[i].sha256])),
  );
  await updater.check();
  await updater.settled();
  expect(await store.list()).toHaveLength(3);
  expect(updater.heartbeat().map(({ model }) => model)).toEqual(NAMES);
});

test('a wish from the command line is taken by the gateway that runs', async () => {
  const { updater, served, requests } = await startGateway();
  await requests.ask({ id: 'first', kind: 'check', model: 'lathe' });
  const results = await poll('an answer', () => requests.answerTo('first'));
  expect(results).toMatchObject([{ model: 'lathe', kind: 'offered', release: 1 }]);
  await poll('the bundle', () => served.get('lathe') === MADE[1].sha256);
  expect(served.has('press')).toBe(false);
  await requests.ask({ id: 'second', kind: 'rollback' });
  expect(await poll('an answer', () => requests.answerTo('second'))).toEqual([]);
  expect(updater.report().map(({ running }) => running?.bundle)).toContain(MADE[1].sha256);
});

test('a heartbeat that names another bundle has the edge asked', async () => {
  const { updater, served } = await startGateway();
  const [{ sha256 }] = MADE;
  updater.heard({ channels: [{ model: 'press', channel: 'stable', bundle: sha256 }] });
  await poll('the bundle', () => served.get('press') === sha256);
  expect([...served.keys()]).toEqual(['press']);
});

test('readTrustedKeys() takes keys of the enrolment and of the configuration, each once', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'dandan-trust-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, 'keys.json');
  expect(await readTrustedKeys({ file })).toEqual([]);
  const second = await createSigningKey();
  const publicKeys = await Promise.all([SIGNER, second].map(exportPublicKey));
  // Whatever id a file states, a key's own counts.
  await writeFile(file, JSON.stringify({ signingKeys: [{ id: 'x', publicKey: publicKeys[0] }] }));
  const keys = await readTrustedKeys({ file, publicKeys });
  expect(keys.map(({ id }) => id)).toEqual([SIGNER.id, second.id]);
  await writeFile(file, '{');
  await expect(readTrustedKeys({ file })).rejects.toMatchObject({ code: 'config-invalid' });
  await expect(readTrustedKeys({ publicKeys: ['AAAA'] })).rejects.toMatchObject({
    code: 'signing-key-invalid',
  });
});

test('the configuration of models has defaults, and refuses what cannot be', () => {
  expect(modelsSchema.parse([{ model: 'press' }])).toMatchObject([
    {
      model: 'press',
      channel: 'stable',
      stages: 1,
      assets: ['*'],
      canary: DEFAULT_CRITERIA,
      probation: DEFAULT_PROBATION,
    },
  ]);
  expect(modelsSchema.parse([{ file: 'model.safetensors', stages: 'all' }])).toHaveLength(1);
  expect(updatesSchema.parse({})).toMatchObject({ signingKeys: [], checkIntervalMs: 300_000 });
  for (const models of [
    [],
    [{ model: 'press' }, { model: 'press' }],
    [{ model: 'Press' }],
    [{ model: 'press', file: 'x' }],
    [{ model: 'press', assets: [] }],
    [{ model: 'press', assets: ['a/b'] }],
    [{ model: 'press', stages: 0 }],
    [{ model: 'press', canary: { minRows: 0 } }],
    [{ model: 'press', canary: { surprise: 1 } }],
  ]) {
    expect(modelsSchema.safeParse(models).success, JSON.stringify(models)).toBe(false);
  }
});
