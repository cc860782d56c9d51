import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readOverride } from '../control/policy/index.ts';
import { clearPolicy, parseDuration, setPolicy, showPolicy } from './policy.ts';

const EXAMPLE = fileURLToPath(new URL('../gateway.example.yaml', import.meta.url));
let folder: string;
let config: string;
let text: string;
const streams = {
  out: (more: string) => {
    text += more;
  },
  err: () => {},
};

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dandan-cli-policy-'));
  config = join(folder, 'gateway.yaml');
  // No secret of the example is there, and none is needed.
  writeFileSync(config, readFileSync(EXAMPLE, 'utf8').replace(/^data: .*$/m, 'data: state'));
  text = '';
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('a policy is set, shown and cleared', async () => {
  const options = { config, json: false };
  await showPolicy(options, streams);
  await setPolicy({ ...options, policy: 'night', for: '2h', note: 'test\nrun' }, streams);
  const file = join(folder, 'state', 'policy-override.json');
  const reading = readOverride(file);
  expect(reading).toMatchObject({ override: { policy: 'night', note: 'test run' } });
  expect(statSync(file).mode & 0o044).toBe(0o044);
  await showPolicy({ config, json: true }, streams);
  await clearPolicy(options, streams);
  await showPolicy(options, streams);
  const lines = text.trim().split('\n');
  expect(lines[0]).toBe('no override');
  expect(lines[1]).toMatch(/^night until 20.*; a running gateway follows within a second$/);
  expect(JSON.parse(lines[2])).toMatchObject({ inForce: true, override: { policy: 'night' } });
  expect(lines.slice(3)).toEqual([
    'no override; a running gateway follows within a second',
    'no override',
  ]);
});

test.each([
  ['90s', 90_000],
  ['30m', 1_800_000],
  ['2h', 7_200_000],
  ['7d', 604_800_000],
])('parseDuration() reads %s', (given, ms) => {
  expect(parseDuration(given)).toBe(ms);
});

test.each(['', '0h', '2', 'h', '-1h', '1.5h', '8d', '2 h', '9999999s'])(
  'parseDuration() refuses %j',
  (given) => {
    expect(() => parseDuration(given)).toThrow(
      expect.objectContaining({ code: 'option-invalid', field: '--for' }),
    );
  },
);

test.each([
  [{ policy: 'dusk' }, 'policy-unknown'],
  [{ for: 'ever' }, 'option-invalid'],
  [{ config: '/absent.yaml' }, 'config-invalid'],
])('setPolicy() refuses %j', async (change, code) => {
  const options = { config, json: false, policy: 'night', for: '2h', ...change };
  await expect(setPolicy(options, streams)).rejects.toMatchObject({ code });
});

test('setPolicy() says which folder it cannot write', async () => {
  writeFileSync(join(folder, 'state'), 'a file where the folder should be');
  const options = { config, json: false, policy: 'night', for: '2h' };
  await expect(setPolicy(options, streams)).rejects.toMatchObject({ code: 'output-unwritable' });
});
