// Bytes of a bundle from the edge: one range a request, whatever the server makes of it.
import {
  type EdgeAccess,
  edgeHeaders,
  edgeUrl,
  failureOf,
  networkFailure,
  type Refused,
  type Unavailable,
} from './edge-request.ts';

export interface PartRequest {
  readonly model: string;
  readonly sha256: string;
  readonly offset: number;
  /** Byte behind the last one that is wanted. */
  readonly end: number;
  /** Length of the whole file. */
  readonly bytes: number;
  /** Of the file that the bytes before `offset` are from. */
  readonly etag: string | undefined;
  readonly signal: AbortSignal;
}

export type PartAnswer =
  | {
      readonly kind: 'part';
      /** Where `body` begins: 0 from a server that does not know ranges. */
      readonly offset: number;
      readonly etag: string | undefined;
      readonly body: AsyncIterable<Uint8Array>;
    }
  | Unavailable
  | Refused;

export interface BundleSource {
  /** Never throws for what the edge or the network does. @throws the signal's reason. */
  open(request: PartRequest): Promise<PartAnswer>;
}

const CONTENT_RANGE = /^bytes (\d{1,15})-(\d{1,15})\/(\d{1,15})$/;

const odd = (reason: string): Unavailable => ({ kind: 'unavailable', reason, retryAfterMs: 0 });

/** Where the body of an answer begins, or what is wrong with it. */
function beginOf(response: Response, { offset, end, bytes }: PartRequest): number | Unavailable {
  const { headers, status } = response;
  const encoding = headers.get('content-encoding') ?? 'identity';
  if (encoding !== 'identity') return odd(`bytes in encoding ${encoding.slice(0, 40)}`);
  const length = headers.get('content-length');
  if (status === 200) {
    if (length === null || Number(length) === bytes) return 0;
    return odd(`a file of ${length.slice(0, 20)} bytes instead of ${bytes}`);
  }
  const range = headers.get('content-range') ?? '';
  const [, first, last, total] = (CONTENT_RANGE.exec(range) ?? []).map(Number);
  const fits = first === offset && last >= first && last < end && total === bytes;
  return fits ? first : odd(`another range than asked for: ${range.slice(0, 60)}`);
}

/** Bundles of an edge, over HTTPS. */
export function createBundleSource(access: EdgeAccess): BundleSource {
  return {
    async open(request) {
      const { model, sha256, offset, end, etag, signal } = request;
      const headers: Record<string, string> = {
        ...edgeHeaders(access),
        // Ranges are of the bytes as they are stored.
        'accept-encoding': 'identity',
        range: `bytes=${offset}-${end - 1}`,
      };
      if (etag !== undefined && offset > 0) headers['if-range'] = etag;
      try {
        const url = edgeUrl(access, `v1/models/${model}/bundles/${sha256}`);
        // A redirect would carry the key to another place.
        const response = await fetch(url, { headers, redirect: 'error', signal });
        if (response.status !== 200 && response.status !== 206) return await failureOf(response);
        const begin = beginOf(response, request);
        if (typeof begin !== 'number') {
          await response.body?.cancel();
          return begin;
        }
        const body = response.body ?? new ReadableStream<Uint8Array>();
        return {
          kind: 'part',
          offset: begin,
          etag: response.headers.get('etag') ?? undefined,
          body,
        };
      } catch (error) {
        signal.throwIfAborted();
        return networkFailure(error);
      }
    },
  };
}
