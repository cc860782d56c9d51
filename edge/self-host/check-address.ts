// Whether an address can be listened on, asked before anything else is started.
import { createServer } from 'node:net';
import { ServeError } from './serve-error.ts';

const FIXES: Readonly<Record<string, string>> = {
  EADDRINUSE: 'stop what listens there, or choose another port with --port',
  EACCES: 'choose a port from 1024 on, and let a proxy in front have 443',
  EADDRNOTAVAIL: 'name an address of this machine with --host, e.g. 127.0.0.1',
  ENOTFOUND: 'name an address of this machine with --host, e.g. 127.0.0.1',
};

/** @throws {ServeError} `address-in-use`, `address-unusable`. */
export function checkAddress(host: string, port: number): Promise<void> {
  const server = createServer();
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const { code = '' } = error;
      const problem = `${host}:${port} cannot be listened on: ${code || error.message}`;
      const fix = FIXES[code] ?? 'see --host and --port';
      const own = code === 'EADDRINUSE' ? 'address-in-use' : 'address-unusable';
      reject(new ServeError(own, problem, fix, error));
    });
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve()));
  });
}
