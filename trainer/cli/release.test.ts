import { execFile } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { createTestBundle } from '@dandan/shared/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type DemoEdge, startEdge } from '../demo/edge-process.ts';
import { runCli } from '../testing/run-cli.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const GATEWAY = join(ROOT, 'device', 'bin', 'dandan-gateway.js');
const execute = promisify(execFile);

/** Wrangler's start on two busy cores. */
const START_MS = 120_000;

let edge: DemoEdge;
let folder = '';
const bundles: { readonly file: string; readonly sha256: string }[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dandan-release-'));
  for (const seed of [1, 2, 3]) {
    const { bytes, sha256 } = await createTestBundle({ model: 'press', seed });
    const file = join(folder, `${seed}.safetensors`);
    await writeFile(file, bytes);
    bundles.push({ file, sha256 });
  }
  edge = await startEdge({ folder, signal: new AbortController().signal });
}, START_MS);
afterAll(async () => {
  await edge?.[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

const keyFile = (name: string) => join(folder, name, 'signing-key.pem');

/** `dandan ARGS` against the edge, with the signing key of `who`. */
function dandan(args: readonly string[], who = 'ann') {
  const env = { DANDAN_OPERATOR_KEY: edge.operatorKey, DANDAN_SIGNING_KEY: keyFile(who) };
  return runCli([...args, '--edge', edge.url, '--json'], { env });
}

const push = (seed: number, args: readonly string[] = [], who = 'ann') =>
  dandan(['push', '--bundle', bundles[seed - 1].file, ...args], who);
const channel = (action: string, args: readonly string[] = []) =>
  dandan(['channel', action, '--model', 'press', ...args]);

test(
  'dandan push makes a key once, signs, and builds on what it signed before',
  async () => {
    const first = await push(1);
    expect(first).toMatchObject({
      code: 0,
      json: { model: 'press', release: 1, state: 'promoted', bundle: bundles[0].sha256 },
    });
    expect(first.stderr).toContain('Made a signing key');
    expect((await stat(keyFile('ann'))).mode & 0o777).toBe(0o600);
    expect(await readFile(keyFile('ann'), 'utf8')).toMatch(/^-----BEGIN PRIVATE KEY-----/);
    expect(first.stdout + first.stderr).not.toContain(edge.operatorKey);

    const second = await push(2, ['--canary', '20', '--deadline', '60']);
    expect(second).toMatchObject({
      code: 0,
      json: { release: 2, state: 'canary', percent: 20, fallback: bundles[0].sha256 },
    });
    expect(second.stderr).toContain('tried by 20 % of the gateways');
    expect(second.stderr).not.toContain('Made a signing key');
  },
  START_MS,
);

test(
  'dandan channel shows, widens, promotes and rolls back',
  async () => {
    const widened = await channel('widen', ['--percent', '50', '--reason', 'quiet day']);
    expect(widened).toMatchObject({ code: 0, json: { state: 'canary', percent: 50 } });
    const promoted = await channel('promote');
    expect(promoted).toMatchObject({
      code: 0,
      json: { state: 'promoted', serve: bundles[1].sha256 },
    });
    expect((await channel('promote')).json).toMatchObject({
      error: { message: expect.stringContaining('rollout-over') },
    });
    const back = await channel('rollback', ['--reason', 'line 3 stopped']);
    expect(back.json).toMatchObject({ state: 'rolled-back', serve: bundles[0].sha256 });
    const shown = await channel('show');
    expect(shown.json).toMatchObject({
      release: 2,
      releases: [{ release: 2, reason: 'line 3 stopped' }, { release: 1 }],
    });
    expect(shown.stderr).toContain('rolled-back: line 3 stopped');
    // On top of a rollback: what is good now is the first bundle, which the same key has signed.
    expect((await push(3)).json).toMatchObject({ release: 3, fallback: bundles[0].sha256 });
  },
  START_MS,
);

test(
  'a second person is not trusted until added, and vouches only for what they have seen',
  async () => {
    const unseen = await push(2, [], 'ben');
    expect(unseen).toMatchObject({
      code: 2,
      json: { error: { field: '--fallback', value: bundles[2].sha256 } },
    });
    const withFile = ['--fallback', bundles[2].file];
    const untrusted = await push(2, withFile, 'ben');
    expect(untrusted).toMatchObject({
      code: 1,
      json: { error: { message: expect.stringContaining('pointer-key-unknown') } },
    });
    const added = await dandan(['signing-key', 'add', '--name', 'Ben'], 'ben');
    expect(added.code).toBe(0);
    expect((await push(2, withFile, 'ben')).json).toMatchObject({ release: 4 });
    const { json } = await dandan(['signing-key', 'list']);
    expect(json).toMatchObject({ signingKeys: [{ name: 'Ben' }, { name: 'first release' }] });
    const revoked = await dandan(['signing-key', 'revoke', '--id', String(added.json?.id)]);
    expect(revoked.code).toBe(0);
    const after = await push(1, ['--fallback', bundles[1].file], 'ben');
    expect(after.json).toMatchObject({
      error: { message: expect.stringContaining('pointer-key-unknown') },
    });
  },
  START_MS,
);

test(
  'dandan device enrols, lists and removes a gateway',
  async () => {
    const enrolled = await dandan(['device', 'enrol', '--name', 'line-3', '--minutes', '5']);
    expect(enrolled).toMatchObject({
      code: 0,
      json: { device: 'line-3', code: expect.stringMatching(/^(\w{5}-){3}\w{5}$/) },
    });
    const file = join(folder, 'edge.key');
    const code = String(enrolled.json?.code).toLowerCase();
    const args = ['enrol', '--edge', edge.url, '--key-file', file, '--code', code];
    const { stdout } = await execute(process.execPath, [GATEWAY, ...args]);
    expect(stdout).toContain("This gateway is 'line-3'");
    const authorization = `Bearer ${(await readFile(file, 'utf8')).trim()}`;
    const models = await fetch(`${edge.url}/v1/models`, { headers: { authorization } });
    expect(models.status).toBe(200);
    const listed = await dandan(['device', 'list']);
    expect(listed.json).toMatchObject({ devices: [{ id: 'line-3', lastSeen: null }] });
    expect((await dandan(['device', 'remove', '--name', 'line-3'])).code).toBe(0);
    expect((await dandan(['device', 'remove', '--name', 'nobody'])).json).toMatchObject({
      error: { message: expect.stringContaining('device-unknown') },
    });
  },
  START_MS,
);

test(
  'dandan signing-key create never writes over a key, and others may not read one',
  async () => {
    const args = ['signing-key', 'create', '--json', '--signing-key', keyFile('cleo')];
    const made = await runCli(args);
    expect(made).toMatchObject({ code: 0, json: { id: expect.stringMatching(/^[0-9a-f]{64}$/) } });
    expect((await runCli(args)).json).toMatchObject({ error: { code: 'output-unwritable' } });
    await chmod(keyFile('cleo'), 0o644);
    expect((await push(1, [], 'cleo')).json).toMatchObject({
      error: { code: 'option-invalid', value: 'mode 644' },
    });
    await chmod(keyFile('cleo'), 0o600);
    await writeFile(keyFile('cleo'), 'no key');
    expect((await push(1, [], 'cleo')).json).toMatchObject({
      error: { code: 'signing-key-invalid' },
    });
    const missing = await dandan(['signing-key', 'add'], 'nobody');
    expect(missing.json).toMatchObject({ error: { code: 'data-missing' } });
  },
  START_MS,
);
