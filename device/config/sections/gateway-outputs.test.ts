import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { desiredSchema } from '@dandan/shared/wire';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import * as z from 'zod';
import { createNamespace } from '../../outputs/discovery/index.ts';
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

const read = (file: string) =>
  readFileSync(fileURLToPath(new URL(`../../../docs/${file}`, import.meta.url)), 'utf8');

test('the examples of the docs are taken', () => {
  const config = schema.parse(parse(read('gateway-outputs.yaml')));
  const { namespace } = config.outputs;
  const place = { site: 'osaka', gateway: 'line-1' };
  if (namespace !== undefined) createNamespace({ ...namespace, ...place });
  expect(namespace?.assets).toHaveLength(1);
  const [, wish] = /```json\n([\s\S]*?)```/.exec(read('gateway-remote.md')) ?? [];
  expect(desiredSchema.parse(JSON.parse(wish))).toMatchObject({ version: 12 });
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
  const parsed = schema.safeParse(config);
  expect(parsed.success).toBe(false);
  expect(parsed.error?.issues.map(({ path }) => path.join('.'))).toContain(place);
});
