import { once } from 'node:events';
import { access, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PROBLEM_MEDIA_TYPE } from '@dandan/shared/wire';
import { expect, onTestFinished, test } from 'vitest';
import { main } from './main.ts';

const ENROLLED = {
  device: 'line-3',
  id: 'k1',
  key: 'dk_secret-of-the-gateway',
  signingKeys: [{ id: 'a'.repeat(64), publicKey: 'AAAA' }],
};

interface Answer {
  readonly status?: number;
  readonly body?: unknown;
}

/** An edge that answers every request alike; the real one is in trainer/cli/release.test.ts. */
async function serve({ status = 201, body = ENROLLED }: Answer = {}) {
  const seen: { url: string | undefined; body: string }[] = [];
  const server = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    seen.push({ url: request.url, body: text });
    const type = status < 400 ? 'application/json' : PROBLEM_MEDIA_TYPE;
    response.writeHead(status, { 'content-type': type }).end(JSON.stringify(body));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return { edge: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen };
}

async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'dandan-enrol-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

async function enrol(edge: string, folder?: string) {
  const inside = folder ?? (await newFolder());
  const keyFile = join(inside, 'edge.key');
  let text = '';
  const write = (part: string) => {
    text += part;
  };
  const args = ['enrol', '--edge', edge, '--key-file', keyFile, '--code', 'ABCDE', '--json'];
  const code = await main(args, { out: write, err: write });
  const exists = await access(keyFile).then(
    () => true,
    () => false,
  );
  return { code, text, keyFile, exists, folder: inside };
}

test('enrol keeps the key in a file that its owner alone reads, and shows it nowhere', async () => {
  const { edge, seen } = await serve();
  const { code, text, keyFile } = await enrol(edge);
  expect(code).toBe(0);
  expect(seen).toEqual([{ url: '/v1/enrol', body: '{"code":"ABCDE"}' }]);
  expect(await readFile(keyFile, 'utf8')).toBe(`${ENROLLED.key}\n`);
  expect((await stat(keyFile)).mode & 0o777).toBe(0o600);
  const trusted = JSON.parse(await readFile(`${keyFile}.signing-keys.json`, 'utf8'));
  expect(trusted).toEqual({ signingKeys: ENROLLED.signingKeys });
  expect(text).toContain("'line-3'");
  expect(text).not.toContain(ENROLLED.key);
});

test('enrol spends no code where the key could not be kept', async () => {
  const { edge, seen } = await serve();
  const first = await enrol(edge);
  const again = await enrol(edge, first.folder);
  expect(again).toMatchObject({ code: 1, exists: true });
  expect(again.text).toContain('output-unwritable');
  await writeFile(join(first.folder, 'file'), '');
  expect((await enrol(edge, join(first.folder, 'file', 'below'))).code).toBe(1);
  expect(seen).toHaveLength(1);
});

const problem = {
  type: 'urn:x',
  title: 'Code invalid',
  status: 401,
  detail: 'The code is unknown, used or has run out',
  code: 'code-invalid',
  field: 'code',
};

test.each<[string, Answer, string]>([
  ['a refusal', { status: 401, body: problem }, 'used or has run out (code-invalid)'],
  ['another server', { status: 200, body: { hello: 1 } }, 'HTTP 200'],
])('enrol leaves no file behind after %s', async (_, answer, message) => {
  const { edge } = await serve(answer);
  const { code, text, exists } = await enrol(edge);
  expect([code, exists]).toEqual([1, false]);
  expect(text).toContain(message);
});

test('enrol says that nobody answers, and what is no URL', async () => {
  const closed = await enrol('http://127.0.0.1:9');
  expect(closed).toMatchObject({ code: 1, exists: false });
  expect(closed.text).toContain('edge-unreachable');
  const wrong = await enrol('line-3');
  expect(wrong).toMatchObject({ code: 2, exists: false });
  expect(wrong.text).toContain('option-invalid');
});
