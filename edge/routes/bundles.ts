// Upload and download of bundle files, named by their SHA-256 and never changed.
import { MAX_BUNDLE_BYTES, readBundle, sha256Hex } from '@dandan/shared/bundle';
import { InputError } from '@dandan/shared/error';
import { SAFETENSORS_MEDIA_TYPE } from '@dandan/shared/wire';
import { createRoute } from '@hono/zod-openapi';
import { requireKey } from '../auth/require-key.ts';
import type { EdgeApp } from '../env.ts';
import { matchesEtag, parseByteRange } from '../http/byte-range.ts';
import { mediaTypeOf } from '../http/media-type.ts';
import { readBody } from '../http/read-body.ts';
import { bundleUnknown } from '../inference/load-bundle.ts';
import { binaryBody, guardedProblems, keySecurity } from '../openapi/responses.ts';
import { bundleParams, bundleSchema } from '../openapi/schemas.ts';
import { EdgeError } from '../problem/edge-error.ts';
import { createBundleStore } from '../registry/bundle-store.ts';

const PATH = '/v1/models/{model}/bundles/{sha256}';
const UPLOAD_TYPES = [SAFETENSORS_MEDIA_TYPE, 'application/octet-stream'] as const;

const bundleJson = { 'application/json': { schema: bundleSchema } };

const upload = createRoute({
  method: 'put',
  path: PATH,
  summary: 'Upload a bundle',
  description: `The body must be a bundle of the model, hash to the path and have at most ${MAX_BUNDLE_BYTES} bytes. Needs scope operator.`,
  security: keySecurity,
  middleware: [requireKey('operator')] as const,
  request: {
    params: bundleParams,
    body: {
      required: true,
      content: Object.fromEntries(UPLOAD_TYPES.map((type) => [type, binaryBody])),
    },
  },
  responses: {
    200: { description: 'It was already there', content: bundleJson },
    201: { description: 'Stored', content: bundleJson },
    ...guardedProblems(413, 415, 422),
  },
});

const partHeaders = {
  etag: { schema: { type: 'string' }, description: 'The SHA-256, quoted' },
} as const;

const download = createRoute({
  method: 'get',
  path: PATH,
  summary: 'Download a bundle, or a range of its bytes',
  description:
    'The first stages are a prefix of the file: a gateway asks for `Range: bytes=0-…`. HEAD works too.',
  security: keySecurity,
  middleware: [requireKey('predict')] as const,
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
});

function bundleTooLarge(bytes: number): InputError {
  return new InputError('bundle-too-large', `The bundle has ${bytes} bytes or more`, {
    field: 'body',
    value: bytes,
    allowed: `at most ${MAX_BUNDLE_BYTES} bytes`,
  });
}

/** Reads an upload and checks that it is what its path says. */
async function readUpload(request: Request, { model, sha256 }: { model: string; sha256: string }) {
  const bytes = await readBody(request, { maxBytes: MAX_BUNDLE_BYTES, tooLarge: bundleTooLarge });
  const actual = await sha256Hex(bytes);
  if (actual !== sha256) {
    throw new InputError('bundle-hash-mismatch', 'The body does not hash to the path', {
      field: 'sha256',
      value: actual,
      allowed: sha256,
    });
  }
  const { manifest } = await readBundle(bytes);
  if (manifest.model !== model) {
    throw new InputError('bundle-manifest-invalid', `The bundle is of model '${manifest.model}'`, {
      field: 'manifest.model',
      value: manifest.model,
      allowed: model,
    });
  }
  return { bytes, manifest };
}

function addUpload(app: EdgeApp): void {
  app.openapi(upload, async (c) => {
    const { model, sha256 } = c.req.valid('param');
    mediaTypeOf(c.req.raw, UPLOAD_TYPES);
    const { bytes, manifest } = await readUpload(c.req.raw, { model, sha256 });
    const store = createBundleStore({ database: c.env.REGISTRY, bucket: c.env.BUNDLES });
    const { added, record } = await store.add(
      {
        model,
        sha256,
        bytes: bytes.byteLength,
        version: manifest.version,
        stages: manifest.stages.length,
      },
      bytes,
    );
    return added ? c.json(record, 201) : c.json(record, 200);
  });
}

function addDownload(app: EdgeApp): void {
  app.openapi(download, async (c) => {
    const { model, sha256 } = c.req.valid('param');
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

export function addBundleRoutes(app: EdgeApp): void {
  addUpload(app);
  addDownload(app);
}
