// The few calls of the edge's HTTP interface that the command line makes.
import { SAFETENSORS_MEDIA_TYPE } from '@dandan/shared/wire';
import { createEdgeSender, type EdgeClientOptions } from './edge-sender.ts';

/**
 * A client of one edge. Its calls throw {InputError} `edge-unreachable`, or `edge-refused`
 * with the edge's own reason.
 *
 * @throws {InputError} `option-invalid` when `edge` is no http(s) URL.
 */
export function createEdgeClient(options: EdgeClientOptions) {
  const { ask } = createEdgeSender(options);
  const call = (
    method: 'POST' | 'PUT',
    path: string,
    body: string | Uint8Array<ArrayBuffer>,
    type: string,
  ) => ask({ method, path, body, type });

  return {
    putBundle: (model: string, sha256: string, bytes: Uint8Array<ArrayBuffer>) =>
      call('PUT', `/v1/models/${model}/bundles/${sha256}`, bytes, SAFETENSORS_MEDIA_TYPE),
    setChannel: (model: string, channel: string, bundle: string) =>
      call(
        'POST',
        `/v1/models/${model}/channels/${channel}`,
        JSON.stringify({ bundle }),
        'application/json',
      ),
    predict: (model: string, body: Uint8Array<ArrayBuffer>) =>
      call('POST', `/v1/models/${model}/predict`, body, SAFETENSORS_MEDIA_TYPE),
    createKey: (name: string, scope: 'device' | 'operator' | 'predict') =>
      call('POST', '/v1/keys', JSON.stringify({ name, scope }), 'application/json'),
  };
}
