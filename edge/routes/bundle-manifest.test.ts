import { createTestBundle } from '@dandan/shared/testing';
import { beforeAll, expect, test } from 'vitest';
import { bundlePath, call, createKey, expectProblem, migrate } from '../testing/edge-client.ts';
import { upload } from '../testing/releases.ts';

const made = await createTestBundle({ model: 'told', seed: 4, classes: 5 });
const other = await createTestBundle({ model: 'other', seed: 6 });

beforeAll(async () => {
  await migrate();
  for (const each of [made, other]) await upload(each);
});

test('the manifest of a bundle is told whole, to whoever may ask', async () => {
  const { key } = await createKey('predict');
  const response = await call(`GET ${bundlePath(made)}/manifest`, { key });
  expect(response.status).toBe(200);
  expect(response.headers.get('cache-control')).toContain('private');
  expect(await response.json()).toEqual(JSON.parse(JSON.stringify(made.bundle.manifest)));
});

test('a bundle of another model, or of none, has no manifest', async () => {
  for (const sha256 of [other.sha256, '0'.repeat(64)]) {
    const response = await call(`GET /v1/models/told/bundles/${sha256}/manifest`);
    await expectProblem(response, 404, 'bundle-unknown');
  }
  await expectProblem(await call('GET /v1/models/told/bundles/x/manifest'), 422, 'option-invalid');
});
