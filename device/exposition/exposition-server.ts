// The port for Prometheus and for whoever asks whether the gateway is well. It answers two
// paths, takes nothing, and cannot be kept busy.
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { InputError } from '@dandan/shared/error';
import type { Logger } from '../log/index.ts';
import type { Family } from './family.ts';
import { renderFamilies, TEXT_FORMAT } from './render.ts';

/** Prometheus, its stand-by, a load balancer and a person with curl, twice. */
const MAX_CONNECTIONS = 16;

/** A scraper on the plant network sends its few hundred bytes at once. */
const REQUEST_TIMEOUT_MS = 5000;

/** Longer than usual scrape intervals are not waited for; a new connection costs little. */
const KEEP_ALIVE_MS = 20_000;

/** Headers of a scraper; a browser with cookies needs less than this, too. */
const MAX_HEADER_BYTES = 8192;

/** Health in the words of whoever is called: why not, and facts worth knowing. */
export interface HealthReport {
  readonly ok: boolean;
  /** Stable codes with one sentence each; empty when all is well. Never a secret. */
  readonly reasons: readonly { readonly code: string; readonly message: string }[];
}

export interface ExpositionOptions {
  /** @default {'127.0.0.1'} */
  readonly host?: string;
  /** 0: any free one. */
  readonly port: number;
  readonly families: () => readonly Family[];
  readonly health: () => HealthReport;
  readonly log: Logger;
}

export interface ExpositionServer extends AsyncDisposable {
  readonly url: string;
}

function answer(response: ServerResponse, status: number, type: string, body: string): void {
  response
    .writeHead(status, {
      'content-type': type,
      'content-length': Buffer.byteLength(body),
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    })
    .end(body);
}

/** Listens. @throws {InputError} `config-invalid` where the port cannot be used. */
export async function startExposition(options: ExpositionOptions): Promise<ExpositionServer> {
  const { host = '127.0.0.1', port, families, health, log } = options;

  function route(path: string, response: ServerResponse): void {
    if (path === '/metrics') answer(response, 200, TEXT_FORMAT, renderFamilies(families()));
    else if (path === '/healthz') {
      const report = health();
      const body = `${JSON.stringify(report)}\n`;
      answer(response, report.ok ? 200 : 503, 'application/json', body);
    } else answer(response, 404, 'text/plain; charset=utf-8', 'GET /metrics or /healthz\n');
  }

  function onRequest(request: IncomingMessage, response: ServerResponse): void {
    // A body is not read: the connection ends with the answer.
    const hasBody = request.headers['content-length'] ?? request.headers['transfer-encoding'];
    if (hasBody !== undefined) response.setHeader('connection', 'close');
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.setHeader('allow', 'GET, HEAD');
      answer(response, 405, 'text/plain; charset=utf-8', 'only GET and HEAD\n');
      return;
    }
    try {
      route((request.url ?? '').split('?', 1)[0], response);
    } catch (error) {
      log.error('exposition-failed', { reason: (error as Error).message });
      if (!response.headersSent) answer(response, 500, 'text/plain; charset=utf-8', 'failed\n');
    }
  }

  const server = createServer(
    {
      requestTimeout: REQUEST_TIMEOUT_MS,
      headersTimeout: REQUEST_TIMEOUT_MS,
      keepAliveTimeout: KEEP_ALIVE_MS,
      maxHeaderSize: MAX_HEADER_BYTES,
      // How often Node looks for requests that take too long.
      connectionsCheckingInterval: 1000,
    },
    onRequest,
  );
  server.maxConnections = MAX_CONNECTIONS;
  // A client that speaks no HTTP is hung up on; there is nobody to tell.
  server.on('clientError', (_error, socket) => socket.destroy());
  server.listen(port, host);
  try {
    await once(server, 'listening');
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new InputError('config-invalid', `Cannot listen on ${host}:${port}: ${code}`, {
      field: 'exposition.port',
      value: port,
      allowed: 'a free port of an address of this machine',
      cause,
    });
  }
  // The gateway lives for its telemetry, not for this port.
  server.unref();
  const { port: bound } = server.address() as AddressInfo;
  const shown = host.includes(':') ? `[${host}]` : host;
  return {
    url: `http://${shown}:${bound}`,
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
