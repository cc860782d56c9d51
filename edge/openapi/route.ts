// A route as plain data: what is documented is what is checked and served.
import type { Context, Hono, MiddlewareHandler } from 'hono';
import type { z } from 'zod';
import type { EdgeEnv } from '../env.ts';
import { mediaTypeOf } from '../http/media-type.ts';
import { seal } from '../http/sealed-headers.ts';
import { checked } from '../problem/checked.ts';
import { jsonMalformed } from '../problem/edge-error.ts';

/** A zod schema, or JSON Schema for what zod does not describe. */
export type AnySchema = z.ZodType | Readonly<Record<string, unknown>>;

type Content = Readonly<Record<string, { readonly schema: AnySchema }>>;

export interface RouteRequest {
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly headers?: z.ZodObject;
  /** A zod schema of `application/json` is checked before the handler runs; other bodies are its own. */
  readonly body?: { readonly required: boolean; readonly content: Content };
}

export interface RouteResponse {
  readonly description: string;
  readonly headers?: Readonly<Record<string, object>>;
  readonly content?: Content;
}

export interface Route {
  readonly method: 'get' | 'post' | 'put' | 'delete';
  /** With parameters in braces, as OpenAPI writes them. */
  readonly path: string;
  readonly summary: string;
  readonly description?: string;
  readonly security?: readonly Readonly<Record<string, readonly string[]>>[];
  /** Runs before anything of the request is checked. */
  readonly middleware?: readonly MiddlewareHandler<EdgeEnv>[];
  readonly request?: RouteRequest;
  readonly responses: Readonly<Record<number, RouteResponse>>;
}

type RequestOf<R extends Route> = R extends { readonly request: infer Q } ? Q : object;

type Output<Q, K extends string> =
  Q extends Readonly<Record<K, infer S extends z.ZodType>> ? z.output<S> : undefined;

type JsonOutput<Q> = Q extends {
  readonly body: {
    readonly content: {
      readonly 'application/json': { readonly schema: infer S extends z.ZodType };
    };
  };
}
  ? z.output<S>
  : undefined;

/** The checked parts of a request. */
export interface Valid<R extends Route> {
  readonly params: Output<RequestOf<R>, 'params'>;
  readonly query: Output<RequestOf<R>, 'query'>;
  readonly headers: Output<RequestOf<R>, 'headers'>;
  readonly json: JsonOutput<RequestOf<R>>;
}

export type RouteHandler<R extends Route> = (
  c: Context<EdgeEnv>,
  valid: Valid<R>,
) => Response | Promise<Response>;

const isSchema = (schema: AnySchema | undefined): schema is z.ZodType =>
  schema !== undefined && 'safeParse' in schema;

/** A parameter given once is its text, one given more often a list, which most schemas refuse. */
function queryOf(c: Context<EdgeEnv>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(c.req.queries()).map(([name, values]) => [
      name,
      values.length === 1 ? values[0] : values,
    ]),
  );
}

async function jsonOf(c: Context<EdgeEnv>): Promise<unknown> {
  mediaTypeOf(c.req.raw, ['application/json']);
  try {
    return await c.req.json();
  } catch {
    throw jsonMalformed();
  }
}

/** Checked path parameters by path, kept while they are few: most requests repeat the last ones. */
const MAX_KNOWN_PATHS = 100;

/** Checks of one route. What depends on nothing but a path, or on no parameter, is checked once. */
function createValidator({ request = {} }: Route) {
  const { params, query, headers, body } = request;
  const schema = body?.content['application/json']?.schema;
  const known = new Map<string, object>();
  let unasked: object | undefined;

  function paramsOf(c: Context<EdgeEnv>, shape: z.ZodObject): object {
    const { path } = c.req;
    const before = known.get(path);
    if (before !== undefined) return before;
    const made = Object.freeze(checked(shape, c.req.param()));
    if (known.size === MAX_KNOWN_PATHS) known.clear();
    known.set(path, made);
    return made;
  }

  function optionsOf(c: Context<EdgeEnv>, shape: z.ZodObject): object {
    if (c.req.url.includes('?')) return checked(shape, queryOf(c));
    unasked ??= Object.freeze(checked(shape, {}));
    return unasked;
  }

  /** @throws {InputError} `option-invalid`; {EdgeError} `media-type-unsupported`, `json-malformed`. */
  return (c: Context<EdgeEnv>) => {
    const parts = {
      params: params && paramsOf(c, params),
      query: query && optionsOf(c, query),
      headers: headers && checked(headers, c.req.header()),
    };
    // A route that also takes bytes reads its body itself.
    if (!isSchema(schema)) return parts;
    return jsonOf(c).then((json) => ({ ...parts, json: checked(schema, json) }));
  };
}

/** Middleware of a route decides what comes before the handler; none waits for what comes after. */
const proceed = async () => {};

/**
 * Serves `route`: middleware, checks, then `handler` with what was checked. One function on Hono's
 * side: where it has one handler for a request, it composes nothing.
 *
 * @param begin runs first, e.g. to give the request what its middleware needs.
 */
export function serveRoute<const R extends Route>(
  app: Hono<EdgeEnv>,
  route: R,
  handler: RouteHandler<R>,
  begin: (c: Context<EdgeEnv>) => void,
): void {
  const { method, path, middleware = [] } = route;
  const pattern = path.replaceAll(/\{(\w+)\}/g, ':$1');
  const validate = createValidator(route);
  app.on(method.toUpperCase(), pattern, async (c) => {
    begin(c);
    for (const handle of middleware) await handle(c, proceed);
    // Each part was checked by the schema that its type comes from.
    return seal(await handler(c, (await validate(c)) as Valid<R>));
  });
}
