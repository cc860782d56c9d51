import { createServer } from 'node:net';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { startEdge } from './edge-process.ts';
import { freePort } from './free-port.ts';

test('startEdge() takes another port when its first choice is taken at the last moment', async () => {
  const taken = await freePort();
  const other = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve) => other.listen(taken, '127.0.0.1', resolve));
  const ports = [taken, await freePort()];
  try {
    await using edge = await startEdge({
      folder: await temporaryFolder(),
      signal: new AbortController().signal,
      choosePort: async () => ports.shift() ?? freePort(),
    });
    expect(edge.url).not.toContain(String(taken));
    expect((await fetch(`${edge.url}/healthz`)).status).toBe(200);
  } finally {
    other.close();
  }
}, 120_000);
