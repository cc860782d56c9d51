import { InputError } from '@dandan/shared/error';
import { expect, test } from 'vitest';
import { createPrimaryHost } from './index.ts';

const bytes = (text: string) => Buffer.from(text);

test('createPrimaryHost() gives will, birth and death of one time on the STATE topic', () => {
  const host = createPrimaryHost('dandan-osaka');
  expect(host.topic).toBe('spBv1.0/STATE/dandan-osaka');
  expect(host.will(5)).toEqual({ topic: host.topic, payload: '{"online":false,"timestamp":5}' });
  expect(host.birth(5)).toEqual({ topic: host.topic, payload: '{"online":true,"timestamp":5}' });
  expect(host.death(6)).toEqual({ topic: host.topic, payload: '{"online":false,"timestamp":6}' });
});

test.each([
  ['{"online":true,"timestamp":5}', false],
  ['{"online":false,"timestamp":5}', true],
  ['OFFLINE', true],
  ['', true],
  ['{"online":"yes","timestamp":5}', true],
])('isWrong(%s) is %s', (payload, expected) => {
  expect(createPrimaryHost('h').isWrong(bytes(payload))).toBe(expected);
});

test.each(['', 'a/b', 'a+', '#'])('createPrimaryHost(%j) is refused', (id) => {
  expect(() => createPrimaryHost(id)).toThrow(InputError);
});
