// Download of a bundle file, whole or a range of it, as gateways fetch their stages.
import { SAFETENSORS_MEDIA_TYPE } from '@dandan/shared/wire';
import { requireKey } from '../auth/require-key.ts';
import { matchesEtag, parseByteRange } from '../http/byte-range.ts';
import { bundleUnknown } from '../inference/load-cascade.ts';
import type { EdgeApp } from '../openapi/edge-app.ts';
import { binaryBody, guardedProblems, keySecurity } from '../openapi/responses.ts';
import type { Route } from '../openapi/route.ts';
import { bundleParams } from '../openapi/schemas.ts';
import { EdgeError } from '../problem/edge-error.ts';
import { createBundleStore } from '../registry/bundle-store.ts';

const partHeaders = {
  etag: { schema: { type: 'string' }, description: 'The SHA-256, quoted' },
} as const;

export const downloadBundle = {
  method: 'get',
  path: '/v1/models/{model}/bundles/{sha256}',
  summary: 'Download a bundle, or a range of its bytes',
  description:
    'The first stages are a prefix of the file: a gateway asks for `Range: bytes=0-…`. HEAD works too.',
  security: keySecurity,
  middleware: [requireKey('predict')],
  request: { params: bundleParams },
  responses: {
    200: {
      description: 'The file',
      headers: partHeaders,
      content: { [SAFETENSORS_MEDIA_TYPE]: binaryBody },
    },
    206: {
      description: 'The range asked for',
      headers: partHeaders,
      content: { [SAFETENSORS_MEDIA_TYPE]: binaryBody },
    },
    304: { description: 'The caller has it' },
    ...guardedProblems(404, 416, 422),
  },
} as const satisfies Route;

export function addBundleDownload(app: EdgeApp): void {
  app.add(downloadBundle, async (c, valid) => {
    const { model, sha256 } = valid.params;
    const store = createBundleStore({ database: c.env.REGISTRY, bucket: c.env.BUNDLES });
    const record = await store.find(model, sha256);
    if (record === undefined) throw bundleUnknown(model, sha256, 'sha256');
    const etag = `"${sha256}"`;
    const headers = {
      etag,
      'accept-ranges': 'bytes',
      // A hash never names other bytes; private, because a key was needed.
      'cache-control': 'private, max-age=31536000, immutable',
    };
    if (matchesEtag(c.req.header('if-none-match'), etag)) return c.body(null, 304, headers);
    const ifRange = c.req.header('if-range');
    const usable = c.req.method === 'GET' && (ifRange === undefined || ifRange === etag);
    const range = parseByteRange(usable ? c.req.header('range') : undefined, record.bytes);
    if (range.kind === 'unsatisfiable') {
      throw new EdgeError('range-not-satisfiable', 'The range lies outside the file', {
        field: 'range',
        value: c.req.header('range'),
        allowed: `bytes=0-${record.bytes - 1}`,
        headers: { 'content-range': `bytes */${record.bytes}` },
      });
    }
    const part = range.kind === 'part' ? range : { offset: 0, length: record.bytes };
    const sized = {
      ...headers,
      'content-type': SAFETENSORS_MEDIA_TYPE,
      'content-length': String(part.length),
    };
    if (c.req.method === 'HEAD') return c.body(null, 200, sized);
    const object = await store.open(sha256, range.kind === 'part' ? part : undefined);
    if (range.kind === 'whole') return c.body(object.body, 200, sized);
    const last = part.offset + part.length - 1;
    return c.body(object.body, 206, {
      ...sized,
      'content-range': `bytes ${part.offset}-${last}/${record.bytes}`,
    });
  });
}
