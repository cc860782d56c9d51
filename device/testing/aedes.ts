// The in-process broker of the demo. It speaks MQTT 3.1.1 and refuses 5.
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { Aedes, type AedesOptions } from 'aedes';
import type { TestBroker } from './broker.ts';

export async function startAedes(options: AedesOptions = {}): Promise<TestBroker> {
  let broker: Aedes;
  let server: Server;
  const sockets = new Set<Socket>();

  async function listen(port: number): Promise<number> {
    broker = await Aedes.createBroker(options);
    server = createServer((socket) => {
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
      broker.handle(socket);
    });
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  }

  async function stop(): Promise<void> {
    if (!server.listening) return;
    const closed = once(server, 'close');
    server.close();
    for (const socket of sockets) socket.destroy();
    await closed;
    await new Promise<void>((resolve) => broker.close(resolve));
  }

  const port = await listen(0);
  return {
    url: `mqtt://127.0.0.1:${port}`,
    stop,
    start: async () => {
      await listen(port);
    },
    dispose: stop,
  };
}
