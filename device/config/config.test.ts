import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InputError } from '@dandan/shared/error';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { MAX_CONFIG_BYTES, parseConfig } from './parse-config.ts';
import { readConfig } from './read-config.ts';

const EXAMPLE = new URL('../gateway.example.yaml', import.meta.url);
const VALID = `site: osaka
gateway: line-1
broker:
  url: mqtt://127.0.0.1:1883
  protocol: 5
edge:
  url: http://127.0.0.1:8787
  keyEnv: TEST_EDGE_KEY
models:
  - file: model.safetensors
data: state
`;
const KEY = 'very-secret-key';
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dandan-config-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function write(text: string): Promise<string> {
  const file = join(folder, 'gateway.yaml');
  await writeFile(file, text);
  return file;
}

async function failure(promise: Promise<unknown>): Promise<InputError> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(InputError);
  return error as InputError;
}

test('readConfig() resolves paths at the folder of the file and keeps secrets apart', async () => {
  const file = await write(VALID);
  const environment = { TEST_EDGE_KEY: KEY };
  const { config, secrets } = await readConfig({ file, environment });
  expect(config.models).toMatchObject([{ file: join(folder, 'model.safetensors') }]);
  expect(config.data).toBe(join(folder, 'state'));
  expect(config.telemetry).toEqual([{ kind: 'dandan' }]);
  expect(config.broker.protocol).toBe('5');
  expect(config.edge).toMatchObject({ timeoutMs: 5000, batchRows: 64, batchDelayMs: 50 });
  expect(secrets.edgeKey()).toBe(KEY);
  expect(JSON.stringify(config)).not.toContain(KEY);
});

test('readConfig() reads secrets from files', async () => {
  await writeFile(join(folder, 'edge.key'), `${KEY}\n`);
  const file = await write(VALID.replace('keyEnv: TEST_EDGE_KEY', 'keyFile: edge.key'));
  expect((await readConfig({ file })).secrets.edgeKey()).toBe(KEY);
});

const ALONE = VALID.replace(/edge:.*(?=models)/s, 'edge: { via: none }\n').replace(
  'data:',
  '    stages: all\ndata:',
);

test('readConfig() takes a gateway without an edge, which needs no key', async () => {
  const { config } = await readConfig({ file: await write(ALONE), environment: {} });
  expect(config.edge).toMatchObject({ via: 'none', keyFile: undefined });
  expect(config.models).toMatchObject([{ stages: 'all' }]);
});

test.each([
  ['a URL', ALONE.replace('none', 'none, url: "http://127.0.0.1:1"'), ':6:edge.url'],
  ['a key', ALONE.replace('none', 'none, keyEnv: X'), ':6:edge'],
  ['some stages', ALONE.replace('all', '1'), ':9:models.0.stages'],
  ['a model from there', ALONE.replace('file: model.safetensors', 'model: press'), ':8:models.0'],
])('without an edge parseConfig() refuses %s', async (_, text, field) => {
  const error = await failure(readConfig({ file: await write(text), environment: {} }));
  expect(error.field).toContain(field);
  expect(error.allowed).toContain('none');
});

test('everything below the line in the example is the default', async () => {
  const text = await readFile(EXAMPLE, 'utf8');
  const [above] = text.split(/^# -{20,}$/m);
  const whole = parseConfig({ file: 'gateway.example.yaml', text });
  expect(parseConfig({ file: 'above.yaml', text: above })).toEqual(whole);
  const { site, gateway, data, broker, edge, models } = whole;
  const url = broker.url;
  const least = {
    site,
    gateway,
    data,
    broker: { url },
    edge: { url: edge.url, keyEnv: edge.keyEnv },
    models: models.map((model) => ('file' in model ? { file: model.file } : model)),
  };
  expect(parseConfig({ file: 'least.yaml', text: JSON.stringify(least) })).toEqual(whole);
});

test('parseConfig() accepts the example', async () => {
  const text = await readFile(EXAMPLE, 'utf8');
  expect(parseConfig({ file: 'gateway.example.yaml', text }).site).toBe('osaka');
});

test.each([
  ['an unknown field', VALID.replace('gateway:', 'gatway: x\ngateway:'), 'gateway.yaml:2:gatway'],
  ['a missing field', VALID.replace('site: osaka\n', ''), 'gateway.yaml:1:site'],
  ['a topic separator', VALID.replace('line-1', 'line/1'), 'gateway.yaml:2:gateway'],
  ['a wildcard', VALID.replace('osaka', '"#"'), 'gateway.yaml:1:site'],
  ['an unknown protocol', VALID.replace('protocol: 5', 'protocol: 4'), ':5:broker.protocol'],
  ['a broker by HTTP', VALID.replace('mqtt:', 'http:'), 'gateway.yaml:4:broker.url'],
  ['http to another machine', VALID.replace('127.0.0.1:8787', 'edge.example'), ':7:edge.url'],
  ['http to a lookalike', VALID.replace('127.0.0.1:8787', '127.0.0.1.evil.example'), ':7:edge.url'],
  ['no key', VALID.replace('  keyEnv: TEST_EDGE_KEY\n', ''), 'gateway.yaml:7:edge'],
  ['two keys', VALID.replace('  keyEnv', '  keyFile: k\n  keyEnv'), 'gateway.yaml:7:edge'],
  ['batchRows 0', VALID.replace('  keyEnv', '  batchRows: 0\n  keyEnv'), ':8:edge.batchRows'],
  ['batchRows 5000', VALID.replace('  keyEnv', '  batchRows: 5000\n  keyEnv'), ':8:edge.batchRows'],
  ['a text timeout', VALID.replace('  keyEnv', '  timeoutMs: 5s\n  keyEnv'), ':8:edge.timeoutMs'],
  ['maxRows 0', `${VALID}outbox: { maxRows: 0 }\n`, 'gateway.yaml:12:outbox.maxRows'],
  [
    'a broker nobody named',
    `${VALID}telemetry: [{kind: dandan, broker: x}]\n`,
    ':12:telemetry.0.broker',
  ],
  [
    'a certificate without its key',
    `${VALID}brokers: {x: {url: "mqtts://x", tls: {certFile: c}}}\n`,
    ':12:brokers.x.tls',
  ],
  ['an unknown policy', `${VALID}policy: dusk\n`, 'gateway.yaml:12:policy'],
  [
    'stages 0',
    VALID.replace('  - file: model', '  - stages: 0\n    file: model'),
    ':10:models.0.stages',
  ],
  ['a list', '- site\n', 'gateway.yaml:1:file'],
  ['an empty file', '', 'gateway.yaml:1:'],
  ['broken YAML', 'site: [osaka\n', 'gateway.yaml:'],
])('parseConfig() refuses %s and names the place', async (_, text, field) => {
  const error = await failure(readConfig({ file: await write(text), environment: {} }));
  expect(error.code).toBe('config-invalid');
  expect(error.field).toContain(field);
  expect(error.allowed).toBeTruthy();
});

test('parseConfig() names a misspelt field, not the one that is missing because of it', async () => {
  const text = VALID.replace('site:', 'sit:');
  const error = await failure(readConfig({ file: await write(text), environment: {} }));
  expect(error.field).toMatch(/gateway\.yaml:1:sit$/);
  expect(error.message).toContain('is not known');
});

test.each([
  ['a password in the file', VALID.replace('  protocol: 5', `  password: ${KEY}`)],
  ['a key in the file', VALID.replace('  keyEnv: TEST_EDGE_KEY', `  key: ${KEY}`)],
  ['a password in a URL', VALID.replace('mqtt://', `mqtt://user:${KEY}@`)],
])('parseConfig() refuses %s without repeating it', async (_, text) => {
  const error = await failure(readConfig({ file: await write(text), environment: {} }));
  expect(`${error.message} ${error.field} ${error.value} ${error.allowed}`).not.toContain(KEY);
});

test.each([
  ['unset', {}],
  ['empty', { TEST_EDGE_KEY: '' }],
  ['with a line end inside', { TEST_EDGE_KEY: `${KEY}\nX-Other: 1` }],
])('readConfig() refuses a secret that is %s without repeating it', async (_, environment) => {
  const error = await failure(readConfig({ file: await write(VALID), environment }));
  expect(error.field).toBe('edge.keyEnv');
  expect(`${error.message} ${error.value} ${error.allowed}`).not.toContain(KEY);
});

test('readConfig() refuses a file that is absent or too large', async () => {
  const absent = await failure(readConfig({ file: join(folder, 'absent.yaml') }));
  expect(absent.field).toBe('--config');
  const large = await failure(readConfig({ file: await write('#'.repeat(MAX_CONFIG_BYTES + 1)) }));
  expect(large.allowed).toContain(`${MAX_CONFIG_BYTES}`);
});
