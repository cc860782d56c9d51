import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { expect, test } from 'vitest';
import { openConnection } from './connection.ts';

const ANSWER = 'HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello';

/** A server that answers every request by these pieces. */
async function serving(...pieces: string[]) {
  let requests = 0;
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket.setNoDelay());
    socket.on('data', async () => {
      requests++;
      for (const piece of pieces) {
        socket.write(piece);
        await new Promise((resolve) => setImmediate(resolve));
      }
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { readonly port: number };
  return {
    port,
    requests: () => requests,
    [Symbol.dispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

test.each([
  ['in one piece', [ANSWER]],
  ['with its head cut', [ANSWER.slice(0, 10), ANSWER.slice(10)]],
  ['with its body cut', [ANSWER.slice(0, -3), ANSWER.slice(-3, -1), ANSWER.slice(-1)]],
])('openConnection() counts every answer once: %s', async (_, pieces) => {
  using server = await serving(...pieces);
  const connection = await openConnection(server.port, Buffer.from('GET'));
  const times: number[] = [];
  await connection.run((each) => times.push(each) < 5);
  expect([times.length, server.requests()]).toEqual([5, 5]);
  expect(Math.min(...times)).toBeGreaterThanOrEqual(0);
  connection.close();
});

test.each([
  ['a refusal', 'HTTP/1.1 429 Too Many Requests\r\ncontent-length: 0\r\n\r\n', '429'],
  ['an answer of unknown length', 'HTTP/1.1 200 OK\r\n\r\n', 'no content-length'],
])('openConnection() takes %s for no answer', async (_, answer, why) => {
  using server = await serving(answer);
  const connection = await openConnection(server.port, Buffer.from('GET'));
  await expect(connection.run(() => true)).rejects.toThrow(why);
  connection.close();
});

test('openConnection() says when the server goes', async () => {
  const server = await serving();
  const connection = await openConnection(server.port, Buffer.from('GET'));
  const run = connection.run(() => true);
  server[Symbol.dispose]();
  await expect(run).rejects.toThrow('closed');
});
