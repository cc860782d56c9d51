import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeSafetensors } from '@dandan/shared/bundle';
import { createTestBundle } from '@dandan/shared/testing';
import { expect, test } from 'vitest';
import { startEdge } from '../demo/edge-process.ts';
import { createEdgeClient } from '../edge-client/edge-client.ts';
import { waitUntil } from '../process/wait-until.ts';
import { runCli } from '../testing/run-cli.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';

const NIGHT = `schema: 1
timeZone: Etc/GMT
rules:
  - days: [sun, mon, tue, wed, thu, fri, sat]
    from: "00:00"
    to: "24:00"
    policy: night
`;

/** A running edge that has a bundle of model `press`. */
async function startPress(signal: AbortSignal) {
  const folder = await temporaryFolder();
  const edge = await startEdge({ folder, signal });
  const made = await createTestBundle({ model: 'press', thresholds: [0.9, 0.9] });
  const client = createEdgeClient({ edge: edge.url, key: edge.operatorKey, signal });
  await client.putBundle('press', made.sha256, made.bytes);
  const file = join(folder, 'policy.yaml');
  const policy = (command: string, ...args: string[]) =>
    runCli(['policy', command, '--edge', edge.url, ...args], {
      env: { DANDAN_OPERATOR_KEY: edge.operatorKey },
    });
  return { edge, client, sha256: made.sha256, file, policy };
}

test('dandan policy tries, sets and shows documents on a running edge', async ({ signal }) => {
  const { edge, client, sha256, file, policy } = await startPress(signal);
  await using _edge = edge;
  const model = ['--model', 'press'];
  const document = [...model, '--file', file];
  await writeFile(file, NIGHT);

  const none = await policy('show');
  expect(none.stdout).toContain('No model has a policy document');
  const unknown = await policy('show', ...model, '--json');
  expect(unknown).toMatchObject({ code: 1, json: { error: { code: 'edge-refused' } } });

  const data = new Float32Array(20 * 12).map((_, i) => Math.sin(i));
  const rows = writeSafetensors([{ name: 'x', dtype: 'F32', shape: [20, 12], data }]);
  await client.call('POST', `/v1/models/press/predict?bundle=${sha256}`, { bytes: rows });
  const date = new Date().toISOString().slice(0, 10);
  // The roll-up of the hour is some ten seconds behind.
  let tried = await policy('dry-run', ...document, '--date', date, '--json');
  const seen = () => (tried.json?.was as { nodes: number } | undefined)?.nodes ?? 0;
  await waitUntil(
    async () => {
      tried = await policy('dry-run', ...document, '--date', date, '--json');
      return seen() > 0;
    },
    { what: 'traffic in the roll-ups', timeoutMs: 60_000, signal },
  );
  expect(tried.json).toMatchObject({
    was: { nodes: 20, policies: { day: 20 } },
    wouldBe: { nodes: 20, policies: { night: 20 }, exits: [20, 0, 0] },
  });
  expect(tried.stderr).toMatch(/day → night/);
  expect(tried.stderr).toMatch(/At least \d+ nodes/);

  const first = await policy('set', ...document);
  expect(first.stdout).toContain('version none → 1');
  expect(first.stdout).toContain('+ night from 00:00 to 24:00, beginning on sun');
  const again = await policy('set', ...document, '--json');
  expect(again.json).toEqual({ model: 'press', version: 1, before: 1 });
  await writeFile(file, NIGHT.replace('"24:00"', '"23:00"'));
  const second = await policy('set', ...document);
  expect(second.stdout).toContain('version 1 → 2');
  expect(second.stdout.match(/^ {2}[-+] .*$/gm)).toEqual([
    '  - night from 00:00 to 24:00, beginning on sun, mon, tue, wed, thu, fri, sat',
    '  + night from 00:00 to 23:00, beginning on sun, mon, tue, wed, thu, fri, sat',
  ]);

  const shown = await policy('show', ...model);
  expect(shown.stdout).toMatch(/press: version 2 of .*\n {2}time zone Etc\/GMT/);
  expect(shown.stdout).toMatch(/now \(.* Etc\/GMT\): (day|night), until /);
  expect((await policy('show')).stdout).toContain('press: version 2');
  const { json: kept } = await policy('show', ...model, '--json');
  const other = { json: { ...(kept?.document as object), note: 'of somebody else' } };
  const late = client.call('PUT', '/v1/policies/press', other, { 'if-match': '"1"' });
  await expect(late).rejects.toThrow('version-conflict');
}, 180_000);

test('dandan policy set sends nothing that is no document', async () => {
  const file = join(await temporaryFolder(), 'policy.yaml');
  await writeFile(file, NIGHT.replace('Etc/GMT', 'Nowhere'));
  // Nobody listens there: a document that were sent would end as edge-unreachable.
  const args = ['policy', 'set', '--edge', 'http://127.0.0.1:9', '--model', '*', '--file', file];
  const { code, json, stderr } = await runCli([...args, '--json'], {
    env: { DANDAN_OPERATOR_KEY: 'x' },
  });
  expect(code).toBe(2);
  expect(json).toMatchObject({ error: { code: 'config-invalid', field: `${file}:2:timeZone` } });
  expect(stderr).toContain('e.g. "Asia/Tokyo"');
});
