import { createTestBundle } from '@dandan/shared/testing';
import { parquetReadObjects } from 'hyparquet';
import { beforeAll, expect, test, vi } from 'vitest';
import { call, migrate, publish } from '../testing/edge-client.ts';
import { floatFile, floatRows } from '../testing/float-rows.ts';

const made = await createTestBundle({ model: 'nightly', seed: 5, width: 6 });

beforeAll(async () => {
  await migrate();
  await publish(made);
});

async function ended(id: string) {
  return vi.waitFor(
    async () => {
      const job = await (await call(`GET /v1/jobs/${id}`)).json<any>();
      expect(['finished', 'finished-with-failures', 'failed', 'cancelled']).toContain(job.state);
      return job;
    },
    { timeout: 20_000, interval: 100 },
  );
}

test('a job answers rows as POST predict does, delivered by the real queue', async () => {
  const rows = floatRows(made, 3000);
  const put = await call('PUT /v1/job-inputs/first%2Fa.safetensors', {
    body: floatFile(rows),
    headers: {
      'content-type': 'application/octet-stream',
      'content-length': String(floatFile(rows).byteLength),
    },
  });
  expect(put.status, await put.clone().text()).toBe(201);
  const started = await call('POST /v1/jobs', { json: { model: 'nightly', input: 'first/' } });
  expect(started.status).toBe(201);
  const { id } = await started.json<{ id: string }>();
  await ended(id);
  await (await call(`GET /v1/jobs/${id}/results/results.csv`)).text();
  const file = await (await call(`GET /v1/jobs/${id}/results/results.parquet`)).arrayBuffer();
  await parquetReadObjects({ file });
});
