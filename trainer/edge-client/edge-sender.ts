// One request to an edge: what goes wrong comes back as the one error of Dandan.
import { InputError } from '@dandan/shared/error';
import { problemSchema } from '@dandan/shared/wire';

export interface EdgeClientOptions {
  /** Base URL, e.g. https://dandan-edge.example.workers.dev. */
  readonly edge: string;
  /** Key whose scope covers the calls; never shown. */
  readonly key: string;
  readonly signal?: AbortSignal | undefined;
}

export interface EdgeRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly body?: string | Uint8Array<ArrayBuffer> | Blob;
  /** Media type of the body. */
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
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
    cause: problem.data,
  });
}

/** The stable code by which the edge refused a call; `undefined` for any other error. */
export function refusalCode(error: unknown): string | undefined {
  if (!(error instanceof InputError) || error.code !== 'edge-refused') return undefined;
  return problemSchema.safeParse(error.cause).data?.code;
}

function unreachable(edge: string, cause: unknown): InputError {
  return new InputError('edge-unreachable', `No answer from ${edge}`, {
    field: '--edge',
    value: edge,
    allowed: 'the URL of a running edge (npm run edge starts one here)',
    cause,
  });
}

/**
 * Sends requests to one edge. They throw {InputError} `edge-unreachable`, or `edge-refused` with the
 * edge's own reason.
 *
 * @throws {InputError} `option-invalid` when `edge` is no http(s) URL.
 */
export function createEdgeSender({ edge, key, signal }: EdgeClientOptions) {
  if (!/^https?:$/.test(URL.parse(edge)?.protocol ?? '')) {
    throw new InputError('option-invalid', `'${edge}' is no URL of an edge`, {
      field: '--edge',
      value: edge,
      allowed: 'an http or https URL',
    });
  }
  const base = edge.replace(/\/+$/, '');

  async function send({ method, path, body, type, headers }: EdgeRequest): Promise<Response> {
    const url = `${base}${path}`;
    const timeout = AbortSignal.timeout(TIMEOUT_MS);
    let response: Response;
    try {
      response = await fetch(url, {
        method,
        headers: {
          ...headers,
          authorization: `Bearer ${key}`,
          ...(type !== undefined && { 'content-type': type }),
        },
        signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
        ...(body !== undefined && { body }),
      });
    } catch (cause) {
      signal?.throwIfAborted();
      throw unreachable(edge, cause);
    }
    if (!response.ok) throw await refused(response, url);
    return response;
  }

  return {
    send,
    /** The JSON object of an answer; that of a removal without one is empty. */
    async ask(request: EdgeRequest): Promise<Record<string, unknown>> {
      const response = await send(request);
      if (request.method === 'DELETE' && response.status === 204) return {};
      const answer: unknown = await response.json().catch(() => undefined);
      signal?.throwIfAborted();
      if (typeof answer === 'object' && answer !== null) return answer as Record<string, unknown>;
      throw notDandan(response, `${base}${request.path}`);
    },
    /** The bytes of an answer, which must be of media type `type`. */
    async download(path: string, type: string): Promise<Uint8Array<ArrayBuffer>> {
      const response = await send({ method: 'GET', path });
      const [essence] = (response.headers.get('content-type') ?? '').split(';');
      if (essence !== type) throw notDandan(response, `${base}${path}`);
      try {
        return new Uint8Array(await response.arrayBuffer());
      } catch (cause) {
        signal?.throwIfAborted();
        throw unreachable(edge, cause);
      }
    },
  };
}
