import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { InputError } from '@dandan/shared/error';
import { decide, nextChange } from '@dandan/shared/policy';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { readPolicyFile } from './read-policy-file.ts';

const EXAMPLES = fileURLToPath(new URL('../../docs/policies/', import.meta.url));

const example = (name: string) => readPolicyFile(join(EXAMPLES, name));
const at = (text: string) => Date.parse(text);

test('every example is a valid document', async () => {
  const names = await readdir(EXAMPLES);
  expect(names.sort()).toEqual(['busy-hours.yaml', 'free-plan.yaml', 'plant-in-japan.yaml']);
  for (const name of names) expect((await example(name)).schema).toBe(1);
});

test('the plant in Japan has its nights, holidays and worked Saturday', async () => {
  const document = await example('plant-in-japan.yaml');
  const policy = (text: string) => decide({ document, at: at(`${text}+09:00`) }).policy;
  const night = (text: string) => expect([text, policy(text)]).toEqual([text, 'night']);
  const day = (text: string) => expect([text, policy(text)]).toEqual([text, 'day']);
  day('2026-11-27T21:59');
  night('2026-11-27T22:00');
  night('2026-11-28T05:59');
  night('2026-11-28T12:00');
  night('2026-12-29T12:00');
  night('2027-01-04T23:59');
  day('2027-01-05T00:00');
  night('2027-01-11T12:00');
  day('2027-01-12T12:00');
  day('2027-01-23T12:00');
  night('2027-01-23T22:00');
  night('2027-05-05T23:00');
  expect(nextChange(document, at('2026-12-29T12:00+09:00'))).toBe(at('2027-01-05T00:00+09:00'));
});

test('the free plan steps down by its ceiling, the busy hours by load', async () => {
  const free = await example('free-plan.yaml');
  const caps = [0, 2e10, 2.6e10, 3.2e10].map(
    (spentMacs) => decide({ document: free, at: 0, spentMacs }).maxStage,
  );
  expect(caps).toEqual([undefined, 3, 2, 1]);
  const busy = await example('busy-hours.yaml');
  const stages = [10_000, 20_000, 40_000, 80_000].map(
    (load) => decide({ document: busy, at: 0, load }).maxStage,
  );
  expect(stages).toEqual([undefined, 3, 2, 1]);
});

async function failure(text: string | undefined): Promise<InputError & { file: string }> {
  const file = join(await temporaryFolder(), 'policy.yaml');
  if (text !== undefined) await writeFile(file, text);
  const error = await readPolicyFile(file).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(InputError);
  return Object.assign(error as InputError, { file });
}

const VALID = 'schema: 1\ntimeZone: Asia/Tokyo\nrules:\n  - days: [mon]\n';
const BOMB = Array.from({ length: 9 }, (_, i) =>
  i === 0
    ? 'a0: &a0 [x, x, x, x]'
    : `a${i}: &a${i} [${Array(9)
        .fill(`*a${i - 1}`)
        .join(', ')}]`,
);

test.each([
  [
    'an unquoted hour',
    `${VALID}    from: 22\n    to: 06:00\n    policy: night\n`,
    ':5:rules.0.from',
    'e.g. "22:00"',
  ],
  [
    'a missing field',
    `${VALID}    from: 22:00\n    to: 06:00\n`,
    ':4:rules.0.policy',
    'one of day',
  ],
  ['an unknown field', `${VALID}polcy: x\n`, ':5:polcy', 'only the fields'],
  ['an unknown zone', 'schema: 1\ntimeZone: Tokyo\n', ':2:timeZone', 'e.g. "Asia/Tokyo"'],
  ['no object', '- night\n', ':1:document', 'e.g. {"schema": 1'],
  ['an empty file', '', ':1:document', 'e.g. {"schema": 1'],
  ['broken YAML', 'schema: [1\n', ':', 'YAML or JSON'],
  ['a bomb of aliases', BOMB.join('\n'), '', 'YAML or JSON'],
  ['a large file', '#'.repeat(70_000), '', 'at most 65536 bytes'],
])('readPolicyFile() refuses %s by line and with an example', async (_, text, place, allowed) => {
  const error = await failure(text);
  expect(error.code).toBe('config-invalid');
  if (place !== '') expect(error.field).toContain(`${error.file}${place}`);
  expect(error.allowed).toContain(allowed);
});

test('readPolicyFile() says that a file is not there', async () => {
  const error = await failure(undefined);
  expect(error).toMatchObject({ code: 'data-missing', field: '--file' });
});
