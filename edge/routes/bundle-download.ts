// Download of a bundle file, whole or a range of it, as gateways fetch their stages.
import { SAFETENSORS_MEDIA_TYPE } from '@dandan/shared/wire';
import { requireKey } from '../auth/require-key.ts';
import { downloadHeaders, serveRange } from '../http/serve-range.ts';
import type { EdgeApp } from '../openapi/edge-app.ts';
import { binaryBody, guardedProblems, keySecurity } from '../openapi/responses.ts';
import type { Route } from '../openapi/route.ts';
import { bundleParams } from '../openapi/schemas.ts';
import { createBundleStore } from '../registry/bundle-store.ts';
import { bundleUnknown } from '../registry/unknown.ts';

const partHeaders = downloadHeaders('The SHA-256, quoted');

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
    return serveRange(c, {
      etag: `"${sha256}"`,
      bytes: record.bytes,
      type: SAFETENSORS_MEDIA_TYPE,
      // A hash never names other bytes; private, because a key was needed.
      cacheControl: 'private, max-age=31536000, immutable',
      open: (range) => store.open(sha256, range),
    });
  });
}
