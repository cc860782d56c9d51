import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { freePort } from '../testing/free-port.ts';
import { keyText } from '../uplink/key/index.ts';
import { bundles } from './bundles.ts';
import { reportError } from './output.ts';
import { rollback } from './rollback.ts';
import { rotateKey } from './rotate-key.ts';
import { update } from './update.ts';
import { readUpdateSettings } from './update-settings.ts';

const KEY = 'dk_secret-of-the-gateway';

async function configOf(text: string, key: string | null = KEY) {
  const folder = await mkdtemp(join(tmpdir(), 'dandan-cli-update-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const config = join(folder, 'gateway.yaml');
  await writeFile(config, text);
  if (key !== null) await writeFile(join(folder, 'edge.key'), key);
  return { config, folder };
}

type Command = typeof update | typeof rollback | typeof bundles | typeof rotateKey;

async function run(command: Command, options: { config: string; model?: string }) {
  let text = '';
  const write = (part: string) => {
    text += part;
  };
  const streams = { out: write, err: write };
  const code = await command({ json: true, ...options }, streams).catch((error: unknown) =>
    reportError(error, streams, true),
  );
  expect(text).not.toContain(KEY);
  return { code, text };
}

/** Nobody listens there. */
const AWAY = `site: osaka\ngateway: line-1\ndata: data\nbroker: { url: 'mqtt://127.0.0.1' }\nedge: { url: 'http://127.0.0.1:${await freePort()}', keyFile: edge.key }\nmodels: [{ model: press }]\n`;

test('readUpdateSettings() places everything beside the configuration and the key', async () => {
  const { config, folder } = await configOf(
    `${AWAY.replace('data: data', 'data: here')}updates: { bytesPerSecond: 50000 }\n`,
  );
  const settings = await readUpdateSettings(config);
  expect(settings).toMatchObject({
    models: [{ model: 'press', channel: 'stable', stages: 1 }],
    checkIntervalMs: 300_000,
    keyFile: join(folder, 'edge.key'),
    parts: {
      folder: join(folder, 'here', 'bundles'),
      trust: { file: join(folder, 'edge.key.signing-keys.json'), publicKeys: [] },
      marksFile: join(folder, 'edge.key.highest-releases.json'),
      bytesPerSecond: 50_000,
    },
  });
  const other = await configOf(AWAY.replace('keyFile: edge.key', 'keyEnv: PATH'), null);
  expect(await readUpdateSettings(other.config)).toMatchObject({
    keyFile: undefined,
    parts: { marksFile: undefined },
  });
});

test.each<[string, string, string | null, string]>([
  ['no configuration', '', KEY, 'gateway.yaml:1:site'],
  ['no YAML', 'a: [', KEY, 'gateway.yaml:1'],
  ['no edge', AWAY.replace(/edge: .*/, ''), KEY, 'gateway.yaml:'],
  ['a URL that is none', AWAY.replace('http:', 'mqtt:'), KEY, 'gateway.yaml:5:edge.url'],
  ['no key', AWAY, null, 'edge.key'],
  ['an empty key', AWAY, '\n', 'edge.key'],
  [
    'a model without a name',
    AWAY.replace('{ model: press }', '{}'),
    KEY,
    'gateway.yaml:6:models.0.model',
  ],
])('the commands refuse %s', async (_, text, key, field) => {
  const { config } = await configOf(text, key);
  for (const command of [update, rollback, bundles, rotateKey]) {
    const { code, text: shown } = await run(command, { config });
    expect(code).toBe(2);
    expect(shown).toContain('config-invalid');
    expect(shown).toContain(`"field":"${field}`);
  }
});

test('update says that the edge is away, and which models there are', async () => {
  const { config } = await configOf(AWAY);
  const away = await run(update, { config });
  expect(away.code).toBe(1);
  expect(away.text).toContain('press/stable: unavailable: ECONNREFUSED');
  const unknown = await run(update, { config, model: 'lathe' });
  expect(unknown.code).toBe(2);
  expect(unknown.text).toContain('allowed: press');
});

test('rotate-key changes nothing where the edge is away', async () => {
  const { config } = await configOf(AWAY);
  const { code, text } = await run(rotateKey, { config });
  expect(code).toBe(1);
  expect(text).toContain('edge-unreachable');
  expect(keyText((await readUpdateSettings(config)).parts.edge.key)).toBe(KEY);
});
