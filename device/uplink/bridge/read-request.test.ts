import { createTopics, SAFETENSORS_MEDIA_TYPE } from '@dandan/shared/wire';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { MessageDetails } from '../../mqtt/index.ts';
import { createSeal } from '../escalation/index.ts';
import { readRequest } from './read-request.ts';

const BODY = new TextEncoder().encode('rows');
const CORRELATION = new Uint8Array(await crypto.subtle.digest('SHA-256', BODY));
const { escalationRequest: TOPIC, escalationResponse: RESPONSE } = createTopics({
  site: 'osaka',
  gateway: 'line-1',
});
const OPTIONS = { serves: ['osaka/*', 'kobe/line-9'], maxBytes: 100, seals: new Map() };
const DETAILS: MessageDetails = {
  retained: false,
  duplicate: false,
  packetId: 1,
  hold: () => () => {},
  responseTopic: RESPONSE,
  correlationData: CORRELATION,
  contentType: SAFETENSORS_MEDIA_TYPE,
};

const read = (change: Partial<MessageDetails> = {}, topic = TOPIC, body: Uint8Array = BODY) =>
  readRequest(topic, body, { ...DETAILS, ...change }, OPTIONS);

test('readRequest() takes a request of a gateway that it serves', async () => {
  expect(await read()).toMatchObject({ kind: 'request', request: { gateway: 'osaka/line-1' } });
  const own = `${RESPONSE}/worker-1`;
  expect(await read({ responseTopic: own })).toMatchObject({ kind: 'request' });
});

test.each<[string, Partial<MessageDetails>, string?]>([
  ['a retained message', { retained: true }],
  ['no response topic', { responseTopic: undefined }],
  ["another gateway's response topic", { responseTopic: RESPONSE.replace('line-1', 'line-2') }],
  ["the gateway's own commands", { responseTopic: TOPIC.replace('escalation/request', 'desired') }],
  ['its own request topic', { responseTopic: TOPIC }],
  ['a level too many', { responseTopic: `${RESPONSE}/a/b` }],
  ['an empty level', { responseTopic: `${RESPONSE}/` }],
  ['a wildcard', { responseTopic: `${RESPONSE}/+` }],
  ['a prefix of it', { responseTopic: `${RESPONSE}-x` }],
  ['a system topic', { responseTopic: '$SYS/broker' }],
  ['no correlation', { correlationData: undefined }],
  ['a short correlation', { correlationData: new Uint8Array(31) }],
  ['another topic', {}, 'dandan/osaka/line-1/desired'],
  ['a topic with more levels', {}, 'dandan/a/b/c/escalation/request'],
  ['a name that is none', {}, 'dandan/osaka/line 1/escalation/request'],
])('readRequest() drops %s without a word', async (_, change, topic) => {
  expect(await read(change, topic)).toMatchObject({ kind: 'dropped' });
});

test('readRequest() refuses what the sender should know of', async () => {
  const other = createTopics({ site: 'kobe', gateway: 'line-1' });
  const foreign = { responseTopic: other.escalationResponse };
  expect(await read(foreign, other.escalationRequest)).toMatchObject({
    problem: 'gateway-not-served',
  });
  expect(await read({ contentType: 'text/plain' })).toMatchObject({
    problem: 'media-type-unsupported',
  });
  expect(await read({}, TOPIC, new Uint8Array(101))).toMatchObject({
    problem: 'request-too-large',
  });
  expect(await read({}, TOPIC, new Uint8Array(3))).toMatchObject({
    problem: 'correlation-mismatch',
  });
});

test('readRequest() takes only sealed requests of a gateway that shares a secret', async () => {
  const seal = await createSeal('the secret of line-1, long enough');
  const options = { ...OPTIONS, seals: new Map([['osaka/line-1', seal]]) };
  const message = {
    direction: 'request',
    topic: TOPIC,
    responseTopic: RESPONSE,
    correlation: CORRELATION,
    status: '',
    retryAfter: '',
    body: BODY,
  } as const;
  const given = async (text: string | undefined, change: Partial<MessageDetails> = {}) => {
    const userProperties = text === undefined ? {} : { seal: text };
    return readRequest(TOPIC, BODY, { ...DETAILS, userProperties, ...change }, options);
  };
  const good = await seal.sign(message);
  expect(await given(good)).toMatchObject({ kind: 'request' });
  const forged = await (await createSeal('the secret of somebody else')).sign(message);
  const backwards = await seal.sign({ ...message, direction: 'response' });
  for (const bad of [undefined, '', 'zz', good.slice(1), good.toUpperCase(), forged, backwards]) {
    expect(await given(bad)).toMatchObject({ kind: 'refused', problem: 'seal-invalid' });
  }
  // A seal for another place of the answer.
  expect(await given(good, { responseTopic: `${RESPONSE}/other` })).toMatchObject({
    problem: 'seal-invalid',
  });
});

test('readRequest() never answers outside the topics of the gateway that asked', async () => {
  const level = fc.oneof(
    fc.constantFrom('dandan', 'osaka', 'line-1', 'escalation', 'request', 'response', '+', '#', ''),
    fc.string({ maxLength: 8 }),
  );
  const topics = fc.array(level, { maxLength: 7 }).map((levels) => levels.join('/'));
  const anyTopic = fc.oneof(topics, fc.constant(TOPIC), fc.constant(RESPONSE));
  await fc.assert(
    fc.asyncProperty(anyTopic, anyTopic, fc.uint8Array(), async (topic, responseTopic, body) => {
      const result = await read({ responseTopic }, topic, body);
      if (result.kind === 'dropped') return;
      const address = result.kind === 'request' ? result.request : result.address;
      const prefix = topic.replace(/request$/, 'response');
      expect(address.responseTopic.startsWith(prefix)).toBe(true);
      expect(address.responseTopic).not.toMatch(/[+#]/);
    }),
  );
});
