import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { MAX_POLICY_BYTES, readPolicy } from './read-policy.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dandan-policy-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('readPolicy() reads a document of the docs', () => {
  const file = fileURLToPath(
    new URL('../../../docs/policies/plant-in-japan.yaml', import.meta.url),
  );
  expect(readPolicy(file).timeZone).toBe('Asia/Tokyo');
});

test.each([
  ['no YAML', 'a: [', 'policy.file', 'readable'],
  ['a field that is none', 'schema: 1\ntimeZone: Mars', 'policy.file.timeZone', 'IANA'],
  ['a bomb of aliases', `a: &a [1]\nb: [${'*a,'.repeat(200)}]`, 'policy.file', ''],
  ['too long', '#'.repeat(MAX_POLICY_BYTES + 1), 'policy.file', 'at most'],
])('readPolicy() refuses %s and says where', (_, text, field, allowed) => {
  const file = join(folder, 'policy.yaml');
  writeFileSync(file, text);
  expect(() => readPolicy(file)).toThrow(
    expect.objectContaining({
      code: 'config-invalid',
      field,
      allowed: expect.stringContaining(allowed),
    }),
  );
});

test('readPolicy() refuses a file that is not there', () => {
  expect(() => readPolicy(join(folder, 'absent.yaml'))).toThrow(
    expect.objectContaining({ code: 'config-invalid', field: 'policy.file' }),
  );
});
