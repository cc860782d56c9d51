// Answers a download: whole, a range of it, or that the caller has it already.
import type { Context } from 'hono';
import type { EdgeEnv } from '../env.ts';
import { EdgeError } from '../problem/edge-error.ts';
import { matchesEtag, parseByteRange } from './byte-range.ts';

export interface Download {
  /** Strong, with its quotes. */
  readonly etag: string;
  readonly bytes: number;
  readonly type: string;
  readonly cacheControl: string;
  /** The bytes, or `length` of them from `offset`. */
  open(range?: { readonly offset: number; readonly length: number }): Promise<R2ObjectBody>;
}

/** Headers of a 200 or 206, for the document. */
export const downloadHeaders = (etag: string) =>
  ({ etag: { schema: { type: 'string' }, description: etag } }) as const;

/** @throws {EdgeError} `range-not-satisfiable`. */
export async function serveRange(c: Context<EdgeEnv>, download: Download): Promise<Response> {
  const { etag, bytes, type, cacheControl } = download;
  const headers = { etag, 'accept-ranges': 'bytes', 'cache-control': cacheControl };
  if (matchesEtag(c.req.header('if-none-match'), etag)) return c.body(null, 304, headers);
  const ifRange = c.req.header('if-range');
  const usable = c.req.method === 'GET' && (ifRange === undefined || ifRange === etag);
  const range = parseByteRange(usable ? c.req.header('range') : undefined, bytes);
  if (range.kind === 'unsatisfiable') {
    throw new EdgeError('range-not-satisfiable', 'The range lies outside the file', {
      field: 'range',
      value: c.req.header('range'),
      allowed: `bytes=0-${bytes - 1}`,
      headers: { 'content-range': `bytes */${bytes}` },
    });
  }
  const part = range.kind === 'part' ? range : { offset: 0, length: bytes };
  const sized = { ...headers, 'content-type': type, 'content-length': String(part.length) };
  if (c.req.method === 'HEAD') return c.body(null, 200, sized);
  const object = await download.open(range.kind === 'part' ? part : undefined);
  if (range.kind === 'whole') return c.body(object.body, 200, sized);
  const last = part.offset + part.length - 1;
  const contentRange = `bytes ${part.offset}-${last}/${bytes}`;
  return c.body(object.body, 206, { ...sized, 'content-range': contentRange });
}
