import { expect, test } from 'vitest';
import * as z from 'zod';
import { edgeReportSection } from './edge-report.ts';
import { outputsSection } from './outputs.ts';
import { policySection } from './policy.ts';
import { remoteSection } from './remote.ts';

const schema = z.strictObject({
  policy: policySection,
  remote: remoteSection.prefault({}),
  edgeReport: edgeReportSection.prefault({}),
  outputs: outputsSection.prefault({}),
});

test('an empty configuration lets all predictions out by day, and tells the edge', () => {
  expect(schema.parse({})).toMatchObject({
    policy: 'day',
    remote: { enabled: false },
    edgeReport: { enabled: true, heartbeatMs: 60_000, auditShare: 0.01 },
    outputs: { prediction: { minIntervalMs: 0, changeOnly: false, minConfidence: 0 } },
  });
});

test('a policy is a name, a file or a document', () => {
  expect(schema.parse({ policy: 'night' }).policy).toBe('night');
  expect(schema.parse({ policy: { file: 'p.yaml' } }).policy).toEqual({ file: 'p.yaml' });
  const document = { schema: 1, timeZone: 'Asia/Tokyo' };
  expect(schema.parse({ policy: document }).policy).toMatchObject({ ...document, rules: [] });
});

test.each<[string, unknown, string]>([
  ['a policy that is none', { policy: 'dusk' }, 'policy'],
  ['a policy of null', { policy: null }, 'policy'],
  ['a file and more', { policy: { file: 'a', schema: 1 } }, 'policy'],
  ['a document with a wrong zone', { policy: { schema: 1, timeZone: 'Mars' } }, 'policy.timeZone'],
  ['a heartbeat a second', { edgeReport: { heartbeatMs: 1000 } }, 'edgeReport.heartbeatMs'],
  ['more audits than answers', { edgeReport: { auditShare: 2 } }, 'edgeReport.auditShare'],
  [
    '3 of 2',
    { outputs: { prediction: { settle: { n: 3, m: 2 } } } },
    'outputs.prediction.settle.n',
  ],
  [
    'a prefix with a wildcard',
    { outputs: { homeAssistant: { prefix: '#' } } },
    'outputs.homeAssistant.prefix',
  ],
  ['a namespace without a topic', { outputs: { namespace: {} } }, 'outputs.namespace.topic'],
  [
    'a level of no name',
    { outputs: { namespace: { topic: '{asset}', levels: { 'a-b': 'x' } } } },
    'outputs.namespace.levels.a-b',
  ],
])('%s is refused at its place', (_, config, place) => {
  const read = schema.safeParse(config);
  expect(read.success).toBe(false);
  expect(read.error?.issues.map(({ path }) => path.join('.'))).toContain(place);
});
