// A typed client of the edge: paths, parameters, bodies and answers are those of the routes.
import { PROBLEM_MEDIA_TYPE, type Problem, SAFETENSORS_MEDIA_TYPE } from '@dandan/shared/wire';
import type { AnswerOf, CallOf, Method, PathOf, RouteOf } from './edge-route.ts';

export interface ClientOptions {
  /** Base URL, e.g. https://dandan-edge.example.workers.dev. */
  readonly url: string;
  /** Key whose scope covers the calls; `undefined` for the open routes. */
  readonly key?: string | undefined;
  /** @default {globalThis.fetch} */
  readonly fetch?: (request: Request) => Promise<Response>;
}

/** A refusal by the edge. */
export class EdgeProblem extends Error {
  override readonly name = 'EdgeProblem';
  readonly status: number;
  /** `undefined` where the answer was none of the edge's. */
  readonly problem: Problem | undefined;

  constructor(status: number, problem: Problem | undefined) {
    super(problem ? `${problem.detail} (${problem.code})` : `The answer has status ${status}`);
    this.status = status;
    this.problem = problem;
  }
}

/** The parts of any call, once its type has been checked. */
interface AnyCall {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly json?: unknown;
  readonly bytes?: Uint8Array<ArrayBuffer>;
}

function addressOf(base: string, path: string, { params = {}, query = {} }: AnyCall): URL {
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(params[name] ?? ''),
  );
  const address = new URL(`${base.replace(/\/+$/, '')}${filled}`);
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) address.searchParams.set(name, String(value));
  }
  return address;
}

function requestOf({ url, key }: ClientOptions, method: string, path: string, call: AnyCall) {
  const headers = new Headers(call.headers);
  if (key !== undefined) headers.set('authorization', `Bearer ${key}`);
  const { json, bytes } = call;
  if (json !== undefined) headers.set('content-type', 'application/json');
  else if (bytes && !headers.has('content-type')) {
    headers.set('content-type', SAFETENSORS_MEDIA_TYPE);
  }
  const body = json !== undefined ? JSON.stringify(json) : bytes;
  return new Request(addressOf(url, path, call), {
    method: method.toUpperCase(),
    headers,
    ...(body !== undefined && { body }),
  });
}

const typeOf = (response: Response) => response.headers.get('content-type')?.split(';')[0];

/**
 * A client of one edge: `client('post', '/v1/models/{model}/predict', { params, json })`.
 *
 * @returns a call that answers with the JSON of a success, or the `Response` where that is none.
 * The call throws {EdgeProblem} for a refusal, and what `fetch` throws.
 */
export function createClient(options: ClientOptions) {
  const { fetch: send = (request) => fetch(request) } = options;
  return async function call<M extends Method, P extends PathOf<M>>(
    method: M,
    path: P,
    ...given: object extends CallOf<RouteOf<M, P>>
      ? [call?: CallOf<RouteOf<M, P>>]
      : [call: CallOf<RouteOf<M, P>>]
  ): Promise<AnswerOf<RouteOf<M, P>>> {
    const [parts = {}] = given;
    const response = await send(requestOf(options, method, path, parts as AnyCall));
    const type = typeOf(response);
    if (!response.ok) {
      const problem =
        type === PROBLEM_MEDIA_TYPE ? ((await response.json()) as Problem) : undefined;
      throw new EdgeProblem(response.status, problem);
    }
    // The types say which of the two it is; the edge's own tests hold it to them.
    const answer = type === 'application/json' ? await response.json() : response;
    return answer as AnswerOf<RouteOf<M, P>>;
  };
}
