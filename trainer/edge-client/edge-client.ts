// The few calls of the edge's HTTP interface that the command line makes.
import { InputError } from '@dandan/shared/error';
import { problemSchema, SAFETENSORS_MEDIA_TYPE } from '@dandan/shared/wire';

export interface EdgeClientOptions {
  /** Base URL, e.g. https://dandan-edge.example.workers.dev. */
  readonly edge: string;
  /** Key whose scope covers the calls; never shown. */
  readonly key: string;
  readonly signal?: AbortSignal | undefined;
}

/** A bundle upload can take a while on a plant's uplink; silence for longer is a dead link. */
const TIMEOUT_MS = 120_000;

function notDandan({ status }: Response, url: string): InputError {
  return new InputError('edge-refused', `${url} answered ${status}, not as Dandan's edge`, {
    field: '--edge',
    value: url,
    allowed: "the base URL of Dandan's edge",
  });
}

async function refused(response: Response, url: string): Promise<InputError> {
  const problem = problemSchema.safeParse(await response.json().catch(() => undefined));
  if (!problem.success) return notDandan(response, url);
  const { code, detail, field, value, allowed } = problem.data;
  return new InputError('edge-refused', `The edge refused: ${detail} (${code})`, {
    field: field ?? '--edge',
    value,
    allowed,
  });
}

/**
 * A client of one edge. Its calls throw {InputError} `edge-unreachable`, or `edge-refused`
 * with the edge's own reason.
 *
 * @throws {InputError} `option-invalid` when `edge` is no http(s) URL.
 */
export function createEdgeClient({ edge, key, signal }: EdgeClientOptions) {
  if (!/^https?:$/.test(URL.parse(edge)?.protocol ?? '')) {
    throw new InputError('option-invalid', `'${edge}' is no URL of an edge`, {
      field: '--edge',
      value: edge,
      allowed: 'an http or https URL',
    });
  }

  async function call(
    method: string,
    path: string,
    body: string | Uint8Array<ArrayBuffer>,
    type: string,
  ) {
    const url = `${edge.replace(/\/+$/, '')}${path}`;
    const timeout = AbortSignal.timeout(TIMEOUT_MS);
    let response: Response;
    try {
      response = await fetch(url, {
        method,
        body,
        headers: { authorization: `Bearer ${key}`, 'content-type': type },
        signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
      });
    } catch (cause) {
      signal?.throwIfAborted();
      throw new InputError('edge-unreachable', `No answer from ${edge}`, {
        field: '--edge',
        value: edge,
        allowed: 'the URL of a running edge (npm run edge starts one here)',
        cause,
      });
    }
    if (!response.ok) throw await refused(response, url);
    const answer: unknown = await response.json().catch(() => undefined);
    signal?.throwIfAborted();
    if (typeof answer !== 'object' || answer === null) throw notDandan(response, url);
    return answer as Record<string, unknown>;
  }

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
