// The few calls of the edge's HTTP interface that the command line makes.
import { SAFETENSORS_MEDIA_TYPE } from '@dandan/shared/wire';
import { createEdgeSender, type EdgeClientOptions, type EdgeRequest } from './edge-sender.ts';

export { type EdgeClientOptions, refusalCode } from './edge-sender.ts';

/** What a call sends. */
export type EdgeBody =
  | { readonly json: unknown }
  | { readonly bytes: Uint8Array<ArrayBuffer>; readonly type?: string };

function encode(body: EdgeBody): Pick<EdgeRequest, 'body' | 'type'> {
  if ('json' in body) return { type: 'application/json', body: JSON.stringify(body.json) };
  return { type: body.type ?? SAFETENSORS_MEDIA_TYPE, body: body.bytes };
}

/**
 * A client of one edge. Its calls throw {InputError} `edge-unreachable`, or `edge-refused`
 * with the edge's own reason.
 *
 * @throws {InputError} `option-invalid` when `edge` is no http(s) URL.
 */
export function createEdgeClient(options: EdgeClientOptions) {
  const { ask, download } = createEdgeSender(options);

  /** The JSON that a call answers with. */
  const call = (
    method: EdgeRequest['method'],
    path: string,
    body?: EdgeBody,
    headers: Readonly<Record<string, string>> = {},
  ) => ask({ method, path, headers, ...(body && encode(body)) });

  return {
    call,
    download,
    putBundle: (model: string, sha256: string, bytes: Uint8Array<ArrayBuffer>) =>
      call('PUT', `/v1/models/${model}/bundles/${sha256}`, { bytes }),
    /** By the policy `day`, whatever the edge's own document says. */
    predict: (model: string, bytes: Uint8Array<ArrayBuffer>) =>
      call('POST', `/v1/models/${model}/predict?policy=day`, { bytes }),
    createKey: (name: string, scope: 'device' | 'operator' | 'predict') =>
      call('POST', '/v1/keys', { json: { name, scope } }),
  };
}

export type EdgeClient = ReturnType<typeof createEdgeClient>;
