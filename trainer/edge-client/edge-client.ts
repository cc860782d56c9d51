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

function unreachable(edge: string, cause: unknown): InputError {
  return new InputError('edge-unreachable', `No answer from ${edge}`, {
    field: '--edge',
    value: edge,
    allowed: 'the URL of a running edge (npm run edge starts one here)',
    cause,
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
    cause: problem.data,
  });
}

/** The stable code by which the edge refused a call; `undefined` for any other error. */
export function refusalCode(error: unknown): string | undefined {
  if (!(error instanceof InputError) || error.code !== 'edge-refused') return undefined;
  return problemSchema.safeParse(error.cause).data?.code;
}

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

/** What a call sends. */
export type EdgeBody =
  | { readonly json: unknown }
  | { readonly bytes: Uint8Array<ArrayBuffer>; readonly type?: string };

function encode(body: EdgeBody) {
  if ('json' in body) return { type: 'application/json', content: JSON.stringify(body.json) };
  return { type: body.type ?? SAFETENSORS_MEDIA_TYPE, content: body.bytes };
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

  const urlOf = (path: string) => `${edge.replace(/\/+$/, '')}${path}`;

  /** The successful answer of a call. */
  async function send(
    method: Method,
    path: string,
    body?: EdgeBody,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Response> {
    const url = urlOf(path);
    const timeout = AbortSignal.timeout(TIMEOUT_MS);
    const encoded = body && encode(body);
    let response: Response;
    try {
      response = await fetch(url, {
        method,
        headers: {
          ...headers,
          authorization: `Bearer ${key}`,
          ...(encoded && { 'content-type': encoded.type }),
        },
        ...(encoded && { body: encoded.content }),
        signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
      });
    } catch (cause) {
      signal?.throwIfAborted();
      throw unreachable(edge, cause);
    }
    if (!response.ok) throw await refused(response, url);
    return response;
  }

  /** The JSON that a call answers with; that of an answer without a body is empty. */
  async function call(
    method: Method,
    path: string,
    body?: EdgeBody,
    headers?: Readonly<Record<string, string>>,
  ): Promise<Record<string, unknown>> {
    const response = await send(method, path, body, headers);
    if (method === 'DELETE' && response.status === 204) return {};
    const answer: unknown = await response.json().catch(() => undefined);
    signal?.throwIfAborted();
    if (typeof answer !== 'object' || answer === null) throw notDandan(response, urlOf(path));
    return answer as Record<string, unknown>;
  }

  /** The bytes that a call answers with, which must be of media type `type`. */
  async function download(path: string, type: string): Promise<Uint8Array<ArrayBuffer>> {
    const response = await send('GET', path);
    const [essence] = (response.headers.get('content-type') ?? '').split(';');
    if (essence !== type) throw notDandan(response, urlOf(path));
    try {
      return new Uint8Array(await response.arrayBuffer());
    } catch (cause) {
      signal?.throwIfAborted();
      throw unreachable(edge, cause);
    }
  }

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
