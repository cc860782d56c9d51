import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { checkPolicy } from './policy.ts';

const DOCUMENT = `schema: 1
timeZone: Asia/Tokyo
otherwise: night
rules:
  - { days: [thu], from: "06:00", to: "22:00", policy: day }
`;

async function write(text: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'dandan-policy-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, 'policy.yaml');
  await writeFile(file, text);
  return file;
}

test('check says which policy holds by the clock of the document', async () => {
  const file = await write(DOCUMENT);
  const at = (time: string) => checkPolicy(file, Date.parse(time));
  expect((await at('2026-11-26T03:00:00Z')).detail).toMatch(/^day at 2026-11-26 12:00 of Asia/);
  expect((await at('2026-11-26T14:00:00Z')).detail).toMatch(/^night at 2026-11-26 23:00 of Asia/);
});

test('check refuses a document that would keep the gateway from starting', async () => {
  const file = await write(DOCUMENT.replace('night', 'nigt'));
  await expect(checkPolicy(file)).rejects.toMatchObject({
    code: 'config-invalid',
    field: 'policy.file.otherwise',
  });
});
