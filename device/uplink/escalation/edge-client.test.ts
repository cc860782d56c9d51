import { createTestBundle, createTestRows } from '@dandan/shared/testing';
import { expect, test } from 'vitest';
import { EDGE_KEY, startEdgeServer } from '../../testing/edge-server.ts';
import { poll } from '../../testing/poll.ts';
import { startTcpProxy } from '../../testing/tcp-proxy.ts';
import { createEdgeClient } from './edge-client.ts';
import { testEdgeLink } from './edge-link.contract.ts';

testEdgeLink({
  title: 'HTTPS',
  skip: false,
  start: async (edge) => ({
    create: (timeoutMs) => createEdgeClient({ url: edge.url, key: EDGE_KEY, timeoutMs }),
    dispose: async () => {},
  }),
});

const NEVER = new AbortController().signal;

test('escalate() reports a wrong key without repeating it, and says why nobody answers', async () => {
  const made = await createTestBundle();
  const edge = await startEdgeServer(made);
  const rows = createTestRows(made.bundle.input, 3);
  const batch = { rows, bundle: made.sha256, model: 'test-model' };
  const cable = await startTcpProxy(Number(new URL(edge.url).port));
  const client = (url: string, key = EDGE_KEY) => createEdgeClient({ url, key, timeoutMs: 5000 });
  try {
    const outcome = await client(edge.url, 'wrong-key').escalate(batch, NEVER);
    expect(outcome).toMatchObject({ kind: 'unauthorised', reason: 'HTTP 401 key-unknown' });
    edge.mode = { kind: 'silent' };
    const cut = client(`http://127.0.0.1:${cable.port}`).escalate(batch, NEVER);
    await poll('the request', () => edge.seen.length === 2);
    cable.cut();
    expect(await cut).toMatchObject({ kind: 'unavailable', status: undefined });
  } finally {
    await cable.close();
    await edge.stop();
  }
  const off = await client(edge.url).escalate(batch, NEVER);
  expect(off).toMatchObject({ kind: 'unavailable', reason: 'ECONNREFUSED', status: undefined });
});
