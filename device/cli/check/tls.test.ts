import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer as createTcpServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer } from 'node:tls';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { createAuthority, skipOpenssl, type TestAuthority } from '../../testing/certificates.ts';
import { checkClientCertificate } from './certificate.ts';
import { checkTls } from './tls.ts';

let folder = '';
let authority: TestAuthority;
const servers: Server[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dandan-tls-'));
  if (!skipOpenssl) authority = createAuthority(folder);
});

afterEach(async () => {
  for (const server of servers.splice(0)) {
    const closed = once(server, 'close');
    server.close();
    await closed;
  }
});

afterAll(() => rm(folder, { recursive: true, force: true }));

const NAMES = ['DNS:localhost'];
const DAY_MS = 86_400_000;

async function listen(server: Server): Promise<number> {
  servers.push(server.listen(0, '127.0.0.1'));
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

async function serve(name: string, options: { names: readonly string[]; days: number }) {
  const { certFile, keyFile } = authority.issue(name, options);
  const [cert, key] = await Promise.all([readFile(certFile), readFile(keyFile)]);
  return listen(
    createServer({ cert, key }, (socket) => {
      socket.on('error', () => {}).resume();
      socket.end();
    }),
  );
}

test('a certificate of a named authority is told with its last day', async ({ skip }) => {
  skip(skipOpenssl, 'openssl is not installed');
  const port = await serve('good', { names: NAMES, days: 400 });
  const files = { caFile: authority.caFile };
  const found = await checkTls({ host: 'localhost', port, files });
  expect(found.detail).toMatch(
    /^TLSv1\.3, certificate valid until \d{4}-\d\d-\d\d, (399|400) days$/,
  );
  expect(found.warning).toBeUndefined();
});

test('a certificate that ends soon is a warning, one that has ended a failure', async ({
  skip,
}) => {
  skip(skipOpenssl, 'openssl is not installed');
  const port = await serve('short', { names: NAMES, days: 10 });
  const options = { host: 'localhost', port, files: { caFile: authority.caFile } };
  expect((await checkTls(options)).warning).toMatch(/renew it within (9|10) days/);
  const later = () => Date.now() + 11 * DAY_MS;
  await expect(checkTls({ ...options, now: later })).rejects.toMatchObject({
    message: expect.stringContaining('expired on'),
    fix: expect.stringContaining('renew'),
  });
  const early = () => Date.now() - 2 * DAY_MS;
  await expect(checkTls({ ...options, now: early })).rejects.toMatchObject({
    message: expect.stringContaining('valid from'),
    fix: expect.stringContaining('clock'),
  });
});

test('an authority that is not known, a wrong name and no TLS at all are told apart', async ({
  skip,
}) => {
  skip(skipOpenssl, 'openssl is not installed');
  const files = { caFile: authority.caFile };
  const port = await serve('other', { names: ['DNS:broker.plant'], days: 400 });
  await expect(checkTls({ host: 'localhost', port, files })).rejects.toMatchObject({
    message: 'certificate not trusted: is for DNS:broker.plant',
    fix: expect.stringContaining('localhost'),
  });
  const own = await serve('own', { names: [...NAMES, 'IP:127.0.0.1'], days: 400 });
  await expect(checkTls({ host: 'localhost', port: own })).rejects.toMatchObject({
    message: 'certificate not trusted: UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    fix: expect.stringContaining('tls.caFile'),
  });
  expect(await checkTls({ host: '127.0.0.1', port: own, files })).toHaveProperty('detail');
  const plain = await listen(
    createTcpServer((socket) => {
      socket.on('error', () => {}).resume();
      socket.end('hello\r\n');
    }),
  );
  await expect(checkTls({ host: 'localhost', port: plain })).rejects.toMatchObject({
    message: expect.stringContaining('no TLS connection'),
  });
  const missing = { caFile: join(folder, 'no.pem') };
  await expect(checkTls({ host: 'localhost', port, files: missing })).rejects.toMatchObject({
    message: expect.stringContaining('no.pem cannot be read: ENOENT'),
  });
});

test('a client certificate must be one, be in time, and fit its key', async ({ skip }) => {
  skip(skipOpenssl, 'openssl is not installed');
  const one = authority.issue('client-1', { names: NAMES, days: 90 });
  const two = authority.issue('client-2', { names: NAMES, days: 90 });
  expect((await checkClientCertificate(one)).detail).toMatch(/client certificate valid until/);
  const garbage = join(folder, 'garbage.pem');
  await writeFile(garbage, 'no PEM');
  const refusals: [Parameters<typeof checkClientCertificate>[0], string][] = [
    [{ ...one, keyFile: two.keyFile }, 'is not the key of'],
    [{ ...one, certFile: garbage }, 'is no certificate'],
    [{ ...one, keyFile: garbage }, 'is no private key'],
    [{ ...one, keyFile: join(folder, 'none') }, 'cannot be read: ENOENT'],
    [{ ...one, now: () => Date.now() + 91 * DAY_MS }, 'expired on'],
  ];
  for (const [options, message] of refusals) {
    await expect(checkClientCertificate(options)).rejects.toMatchObject({
      message: expect.stringContaining(message),
    });
  }
});
