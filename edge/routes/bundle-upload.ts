// Upload of a bundle file: checked whole before anything is kept, never changed afterwards.
import { MAX_BUNDLE_BYTES, readBundle, sha256Hex } from '@dandan/shared/bundle';
import { InputError } from '@dandan/shared/error';
import { describeBundle } from '@dandan/shared/release';
import { SAFETENSORS_MEDIA_TYPE } from '@dandan/shared/wire';
import { requireKey } from '../auth/require-key.ts';
import { mediaTypeOf } from '../http/media-type.ts';
import { readBody } from '../http/read-body.ts';
import type { EdgeApp } from '../openapi/edge-app.ts';
import { binaryBody, guardedProblems, keySecurity } from '../openapi/responses.ts';
import type { Route } from '../openapi/route.ts';
import { bundleParams, bundleSchema } from '../openapi/schemas.ts';
import { createBundleStore } from '../registry/bundle-store.ts';

const UPLOAD_TYPES = [SAFETENSORS_MEDIA_TYPE, 'application/octet-stream'] as const;

const bundleJson = { 'application/json': { schema: bundleSchema } };

export const uploadBundle = {
  method: 'put',
  path: '/v1/models/{model}/bundles/{sha256}',
  summary: 'Upload a bundle',
  description: `The body must be a bundle of the model, hash to the path and have at most ${MAX_BUNDLE_BYTES} bytes. Needs scope operator.`,
  security: keySecurity,
  middleware: [requireKey('operator')],
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
    ...guardedProblems(400, 413, 415, 422),
  },
} as const satisfies Route;

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
  return { bytes, manifest, header: (await describeBundle(bytes)).header };
}

export function addBundleUpload(app: EdgeApp): void {
  app.add(uploadBundle, async (c, valid) => {
    const { model, sha256 } = valid.params;
    mediaTypeOf(c.req.raw, UPLOAD_TYPES);
    const { bytes, manifest, header } = await readUpload(c.req.raw, { model, sha256 });
    const store = createBundleStore({ database: c.env.REGISTRY, bucket: c.env.BUNDLES });
    const { added, record } = await store.add(
      {
        model,
        sha256,
        bytes: bytes.byteLength,
        version: manifest.version,
        stages: manifest.stages.length,
        header,
      },
      bytes,
      c.get('caller'),
    );
    return added ? c.json(record, 201) : c.json(record, 200);
  });
}
