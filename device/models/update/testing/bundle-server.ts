// An edge's downloads over real HTTP, with everything that a server, a proxy or a line may do wrong.
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Fault {
  /** Answers every request with 200 and the whole file. */
  readonly ignoresRange?: boolean;
  /** Bytes sent before the connection is cut. */
  readonly cutAfter?: number;
  /** Bytes sent beyond what was asked for. */
  readonly tooMuch?: number;
  /** Of the n-th request. */
  readonly etag?: (request: number) => string | undefined;
  readonly contentRange?: (honest: string) => string;
  readonly contentLength?: number;
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Changes the bytes of a response that begins at `offset`. */
  readonly alter?: (bytes: Buffer, offset: number, request: number) => Buffer;
  /** Sends so many bytes and then nothing more. */
  readonly stallAfter?: number;
  /** Fails so many requests before it does what it shall. */
  readonly failsFirst?: number;
}

export interface BundleServer extends AsyncDisposable {
  readonly url: string;
  fault: Fault;
  /** Range and If-Range of each request. */
  readonly seen: { readonly range: string; readonly ifRange: string | undefined }[];
  sent: number;
}

export async function startBundleServer(file: Uint8Array, sha256: string): Promise<BundleServer> {
  const whole = Buffer.from(file);

  function respond(request: IncomingMessage, response: ServerResponse): void {
    const { fault, seen } = server;
    const { range = '', 'if-range': ifRange } = request.headers as Record<string, string>;
    seen.push({ range, ifRange });
    const number = seen.length;
    if (number <= (fault.failsFirst ?? 0)) {
      response.writeHead(503, { 'retry-after': '1' }).end();
      return;
    }
    if (fault.status !== undefined) {
      response.writeHead(fault.status, fault.headers).end();
      return;
    }
    const etag = fault.etag === undefined ? `"${sha256}"` : fault.etag(number);
    const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(range) ?? [];
    const partial =
      fault.ignoresRange !== true &&
      first !== undefined &&
      (ifRange === undefined || ifRange === etag);
    const offset = partial ? Number(first) : 0;
    const end = partial ? Number(last) + 1 : whole.byteLength;
    const honest = `bytes ${offset}-${end - 1}/${whole.byteLength}`;
    let body = Buffer.from(whole.subarray(offset, end));
    if (fault.alter) body = Buffer.from(fault.alter(body, offset, number));
    if (fault.tooMuch) body = Buffer.concat([body, Buffer.alloc(fault.tooMuch, 7)]);
    const headers: Record<string, string> = { ...fault.headers };
    if (etag !== undefined) headers.etag = etag;
    if (partial) headers['content-range'] = fault.contentRange?.(honest) ?? honest;
    if (fault.contentLength !== undefined) headers['content-length'] = `${fault.contentLength}`;
    response.writeHead(partial ? 206 : 200, headers);
    const limit = fault.cutAfter ?? fault.stallAfter;
    server.sent += Math.min(limit ?? body.byteLength, body.byteLength);
    if (limit === undefined || limit >= body.byteLength) {
      response.end(body);
      return;
    }
    response.write(body.subarray(0, limit), () => {
      if (fault.cutAfter !== undefined) response.destroy();
    });
  }

  const http = createServer(respond);
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  const server: BundleServer = {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
    fault: {},
    seen: [],
    sent: 0,
    async [Symbol.asyncDispose]() {
      http.close();
      http.closeAllConnections();
    },
  };
  return server;
}
