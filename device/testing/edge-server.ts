// An edge for the gateway's tests: real HTTP, the shared decoder and the whole cascade,
// with switches for what can go wrong.
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { createCascade, runCascade, STOP_REASONS } from '@dandan/shared/cascade';
import type { QuantisedRows } from '@dandan/shared/kernel';
import type { TestBundle } from '@dandan/shared/testing';
import {
  type Answer,
  decodeQuantisedRows,
  PROBLEM_MEDIA_TYPE,
  type PredictResponse,
  SAFETENSORS_MEDIA_TYPE,
} from '@dandan/shared/wire';

export type EdgeMode =
  | { readonly kind: 'well' }
  /** Answers every escalation with this status. */
  | { readonly kind: 'status'; readonly status: number; readonly retryAfter?: string }
  /** Takes the request and never answers. */
  | { readonly kind: 'silent' }
  /** Status 200 with this body. */
  | { readonly kind: 'body'; readonly body: string }
  /** Status 200 and the first half of the answer; then the connection breaks. */
  | { readonly kind: 'half' }
  /** Answers after so many milliseconds. */
  | { readonly kind: 'slow'; readonly ms: number }
  /** Redirects. */
  | { readonly kind: 'redirect'; readonly location: string };

export interface SeenRequest {
  readonly authorization: string | undefined;
  readonly idempotencyKey: string | undefined;
  readonly rows: number;
  readonly bytes: number;
}

export interface EdgeServer {
  readonly url: string;
  mode: EdgeMode;
  /** Requests that were escalations, in order of arrival. */
  readonly seen: SeenRequest[];
  /** Requests being handled now, and the most there ever were. */
  readonly concurrency: { now: number; most: number };
  stop(): Promise<void>;
  /** Listens again on the same port. */
  start(): Promise<void>;
}

export const EDGE_KEY = 'test-device-key';

/** What the edge answers to `rows`: the whole cascade under the day policy. */
export function edgeAnswers({ bundle }: TestBundle, rows: QuantisedRows): Answer[] {
  const { thresholds, maxStage } = bundle.manifest.policies.day;
  const result = runCascade(createCascade(bundle), rows, { thresholds, maxStage });
  return Array.from({ length: rows.count }, (_, i) => ({
    class: result.classes[i],
    label: bundle.manifest.classes[result.classes[i]],
    confidence: result.confidence[i],
    stage: result.stage[i],
    stopped: STOP_REASONS[result.stopped[i]],
    macs: result.macs[i],
  }));
}

async function bodyOf(request: IncomingMessage): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return new Uint8Array(Buffer.concat(chunks));
}

function problem(response: ServerResponse, status: number, code: string): void {
  const body = { type: 'about:blank', title: code, status, detail: code, code };
  response.writeHead(status, { 'content-type': PROBLEM_MEDIA_TYPE }).end(JSON.stringify(body));
}

/** Starts an edge that knows one bundle and one key. */
export async function startEdgeServer(made: TestBundle): Promise<EdgeServer> {
  const concurrency = { now: 0, most: 0 };
  const seen: SeenRequest[] = [];
  let port = 0;

  async function escalate(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const bytes = await bodyOf(request);
    const { rows, metadata } = decodeQuantisedRows(bytes);
    const { authorization, 'idempotency-key': key } = request.headers;
    seen.push({
      authorization,
      idempotencyKey: key as string | undefined,
      rows: rows.count,
      bytes: bytes.byteLength,
    });
    const { mode } = edge;
    if (mode.kind === 'silent') return;
    if (mode.kind === 'redirect') {
      response.writeHead(307, { location: mode.location }).end();
    } else if (mode.kind === 'status') {
      if (mode.retryAfter !== undefined) response.setHeader('retry-after', mode.retryAfter);
      problem(response, mode.status, 'told-to');
    } else if (mode.kind === 'body') {
      response.end(mode.body);
    } else if (authorization !== `Bearer ${EDGE_KEY}`) problem(response, 401, 'key-unknown');
    else if (metadata.bundle !== made.sha256) problem(response, 404, 'bundle-unknown');
    else if (request.headers['content-type'] !== SAFETENSORS_MEDIA_TYPE) {
      problem(response, 415, 'media-type-unsupported');
    } else {
      const body: PredictResponse = {
        model: metadata.model,
        bundle: made.sha256,
        policy: 'day',
        answers: edgeAnswers(made, rows),
      };
      const text = JSON.stringify(body);
      if (mode.kind === 'slow') await delay(mode.ms);
      response.setHeader('content-type', 'application/json');
      if (mode.kind !== 'half') response.end(text);
      else {
        response.setHeader('content-length', text.length);
        response.write(text.slice(0, text.length / 2), () => response.destroy());
      }
    }
  }

  const server = createServer((request, response) => {
    if (request.url === '/healthz') {
      response.end('{"status":"ok"}');
      return;
    }
    if (request.method !== 'POST' || request.url !== '/v1/escalations') {
      problem(response, 404, 'route-unknown');
      return;
    }
    concurrency.now++;
    concurrency.most = Math.max(concurrency.most, concurrency.now);
    response.once('close', () => concurrency.now--);
    escalate(request, response).catch(() => problem(response, 422, 'rows-malformed'));
  });

  async function start(): Promise<void> {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    port = (server.address() as AddressInfo).port;
  }

  await start();
  const edge: EdgeServer = {
    url: `http://127.0.0.1:${port}`,
    mode: { kind: 'well' },
    seen,
    concurrency,
    start,
    async stop() {
      if (!server.listening) return;
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
  return edge;
}
