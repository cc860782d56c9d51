// Updates between the real parts: Dandan's edge in workerd, the disk, processes that are killed.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createRandom } from '@dandan/shared/random';
import { exportPublicKey } from '@dandan/shared/release';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { bundles } from '../../cli/bundles.ts';
import { rollback } from '../../cli/rollback.ts';
import { rotateKey } from '../../cli/rotate-key.ts';
import { update } from '../../cli/update.ts';
import { poll } from '../../testing/poll.ts';
import { lockStore } from '../bundle-store/index.ts';
import { DEFAULT_CRITERIA, DEFAULT_PROBATION, openParts, openUpdater } from './index.ts';
import { type RealEdge, startRealEdge } from './testing/real-edge.ts';
import { SIGNER, signRelease, VERSIONS } from './testing/releases.ts';
import { AGREES } from './testing/world.ts';

const [one, two, three] = VERSIONS;
const PROCESS = fileURLToPath(new URL('testing/gateway-process.ts', import.meta.url));

/** Kills enough to meet every state of an update several times. */
const KILLS = 8;

let edge: RealEdge | undefined;
const theEdge = () => edge as RealEdge;
let folder: string;
let release = 0;

beforeAll(async () => {
  edge = await startRealEdge();
  folder = await mkdtemp(join(tmpdir(), 'dandan-update-'));
  for (const bundle of VERSIONS) await theEdge().upload(bundle);
  await publish(one);
}, 120_000);
afterAll(async () => {
  await edge?.[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

async function publish(bundle: (typeof VERSIONS)[number], fallback?: (typeof VERSIONS)[number]) {
  release++;
  const now = Date.now();
  const times = {
    issued: new Date(now).toISOString(),
    expires: new Date(now + 86_400_000).toISOString(),
  };
  await theEdge().publish(await signRelease({ release, bundle, fallback, change: times }));
}

/** A gateway that has enrolled. */
async function enrolled(name: string) {
  const place = join(folder, name);
  await mkdir(place);
  const keyFile = join(place, 'edge.key');
  await writeFile(keyFile, `${await theEdge().key(name)}\n`);
  const signingKeys = [{ id: SIGNER.id, publicKey: await exportPublicKey(SIGNER) }];
  await writeFile(`${keyFile}.signing-keys.json`, JSON.stringify({ signingKeys }));
  const config = join(place, 'gateway.yaml');
  await writeFile(
    config,
    `site: osaka\ngateway: line-1\ndata: .\nbroker: { url: 'mqtt://127.0.0.1' }\nedge: { url: '${theEdge().url}', keyFile: edge.key }\nmodels: [{ model: press }]\n`,
  );
  return { place, keyFile, config };
}

type Command = (
  options: { config: string; json: boolean },
  streams: { out: (text: string) => void; err: (text: string) => void },
) => Promise<number>;

async function run(command: Command, options: { config: string }) {
  let text = '';
  const write = (part: string) => {
    text += part;
  };
  const code = await command({ json: true, ...options }, { out: write, err: write });
  const last = text.trimEnd().split('\n').at(-1) as string;
  return { code, text, json: JSON.parse(last) };
}

test('the command line fetches, lists and takes back a bundle of the real edge', async () => {
  const { config, place, keyFile } = await enrolled('line-1');
  const look = await run((options, streams) => update({ ...options, checkOnly: true }, streams), {
    config,
  });
  expect(look).toMatchObject({ code: 0, json: { results: [{ bundle: one.sha256 }], models: [] } });
  expect(await readdir(place)).not.toContain('highest-releases.json');
  expect(await run(bundles, { config })).toMatchObject({ code: 0, json: { bundles: [] } });

  const fetched = await run(update, { config });
  expect(fetched.text).toContain('here and verified');
  expect(fetched).toMatchObject({ code: 0, json: { models: [{ phase: 'commit' }] } });
  const [stored] = (await readdir(join(place, 'bundles', 'bundles'))).map((name) =>
    join(place, 'bundles', 'bundles', name),
  );
  expect((await stat(stored)).mode & 0o777).toBe(0o600);
  expect((await stat(join(place, 'bundles', 'bundles'))).mode & 0o777).toBe(0o700);
  expect((await stat(stored)).size).toBeLessThan(one.bytes.byteLength);
  const listed = await run(bundles, { config });
  expect(listed.text).toContain('press/stable runs it (release 1)');
  expect(await readFile(`${keyFile}.highest-releases.json`, 'utf8')).toContain('press/stable');

  expect(await run(rollback, { config })).toMatchObject({ code: 1 });
  const locked = lockStore(join(place, 'bundles'));
  expect(locked).toBeDefined();
  expect(lockStore(join(place, 'bundles'))).toBeUndefined();
  locked?.[Symbol.dispose]();
});

test('the edge takes heartbeats as they are made here, and its rollback leads back', async () => {
  const { place, keyFile } = await enrolled('line-4');
  const key = (await readFile(keyFile, 'utf8')).trim();
  const log = { debug() {}, info() {}, warn() {}, error() {} };
  const { parts } = openParts({
    folder: join(place, 'bundles'),
    edge: { url: theEdge().url, key: () => key },
    trust: { file: `${keyFile}.signing-keys.json` },
    log,
  });
  const served: (string | undefined)[] = [];
  const updater = await openUpdater({
    models: [
      {
        model: 'press',
        channel: 'stable',
        stages: 1,
        criteria: DEFAULT_CRITERIA,
        probation: { ...DEFAULT_PROBATION, minMs: 0 },
      },
    ],
    parts,
    checkIntervalMs: 0,
    host: () => ({
      serve: (model) => void served.push(model?.sha256),
      start: () => ({
        observe: (listener) =>
          listener(Array.from({ length: 200 }, () => ({ ...AGREES, time: Date.now() }))),
        stop() {},
      }),
    }),
  });
  onTestFinished(() => updater.stop());
  const at = (sha256: string) =>
    poll(`bundle ${sha256}`, () =>
      updater.report().some(({ phase, running }) => phase === 'init' && running?.bundle === sha256),
    );
  await updater.start();
  await updater.check();
  await at(one.sha256);
  await publish(two, one);
  const beat = async () => {
    const models = updater.heartbeat();
    const answer = await theEdge().call(
      'POST',
      '/v1/heartbeats',
      { software: 'test', models },
      key,
    );
    return (await answer.json()) as Parameters<typeof updater.heard>[0] & { time: string };
  };
  const { time, channels } = await beat();
  expect(channels).toMatchObject([{ release, bundle: two.sha256 }]);
  updater.heard({ time: Date.parse(time), channels });
  await at(two.sha256);
  await theEdge().rollBack(release);
  updater.heard({ channels: (await beat()).channels });
  await at(one.sha256);
  expect(served).toEqual([one.sha256, two.sha256, one.sha256]);
  expect((await beat()).channels).toMatchObject([{ release, bundle: one.sha256 }]);
});

test('rotate-key changes the file when the new key has worked, and takes up what a try has left', async () => {
  const { config, keyFile } = await enrolled('line-2');
  const before = (await readFile(keyFile, 'utf8')).trim();
  const { code, text } = await run(rotateKey, { config });
  expect(code).toBe(0);
  const after = (await readFile(keyFile, 'utf8')).trim();
  expect(after).not.toBe(before);
  expect(text).not.toContain(after);
  expect((await stat(keyFile)).mode & 0o777).toBe(0o600);
  expect((await theEdge().call('GET', '/v1/models', undefined, after)).ok).toBe(true);
  // The old one works for an hour; a try that was cut off has left a key that works.
  await writeFile(`${keyFile}.new`, `${after}\n`);
  await writeFile(keyFile, `${before}\n`);
  await run(rotateKey, { config });
  expect((await readFile(keyFile, 'utf8')).trim()).toBe(after);
  // One that does not work is made anew.
  await writeFile(`${keyFile}.new`, 'dk_nonsense\n');
  await run(rotateKey, { config });
  expect((await readFile(keyFile, 'utf8')).trim()).not.toBe(after);
});

test('a process that is killed again and again comes to the release that the edge serves', async () => {
  const { place, keyFile, config } = await enrolled('line-3');
  const key = (await readFile(keyFile, 'utf8')).trim();
  const publicKey = await exportPublicKey(SIGNER);
  const random = createRandom(7);
  const known = VERSIONS.map(({ sha256 }) => sha256);

  function start() {
    const args = [PROCESS, join(place, 'bundles'), theEdge().url, key, publicKey];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'ignore'] });
    onTestFinished(() => void child.kill('SIGKILL'));
    const lines: string[] = [];
    let waiting = Promise.withResolvers<void>();
    let rest = '';
    child.once('close', () => {
      lines.push('ended');
      waiting.resolve();
    });
    child.stdout.on('data', (chunk) => {
      const parts = (rest + chunk).split('\n');
      rest = parts.pop() as string;
      lines.push(...parts);
      waiting.resolve();
      waiting = Promise.withResolvers();
    });
    return { child, lines, more: () => waiting.promise };
  }

  async function said(lines: readonly string[], line: string, more: () => Promise<void>) {
    while (!lines.includes(line)) {
      expect(lines.at(-1)).not.toBe('ended');
      await more();
    }
  }

  async function until(line: string): Promise<void> {
    const { child, lines, more } = start();
    await said(lines, line, more);
    const closed = once(child, 'close');
    child.kill('SIGKILL');
    await closed;
  }

  await until(`state init ${one.sha256}`);
  await publish(three, one);
  const first = new Set<string>();
  for (let kill = 0; kill < KILLS; kill++) {
    const { child, lines, more } = start();
    const closed = once(child, 'close');
    // After so many words of it, wherever that is.
    const words = 1 + random.below(5);
    while (lines.length < words) {
      if (lines.at(-1) === `state init ${three.sha256}`) break;
      await more();
    }
    child.kill('SIGKILL');
    await closed;
    const [serves] = lines.filter((line) => line.startsWith('serves '));
    first.add(serves?.slice('serves '.length));
  }
  for (const served of first) expect(known).toContain(served);
  await until(`state init ${three.sha256}`);

  // While it runs, the command line leaves it to the gateway.
  const { child, lines, more } = start();
  await said(lines, `serves ${three.sha256}`, more);
  expect(await run(update, { config })).toMatchObject({
    code: 0,
    text: expect.stringContaining('running gateway was told'),
    json: { results: [{ bundle: three.sha256 }] },
  });
  expect(await run(bundles, { config })).toMatchObject({ code: 0, json: { bundles: [{}, {}] } });
  expect(await run(rollback, { config })).toMatchObject({
    code: 0,
    json: { rolledBack: ['press'] },
  });
  await said(lines, `serves ${one.sha256}`, more);
  const closed = once(child, 'close');
  child.kill('SIGKILL');
  await closed;
}, 120_000);
