// A route as plain data: what is documented is what is checked and served.
import type { Context, Hono, MiddlewareHandler } from 'hono';
import type { z } from 'zod';
import type { EdgeEnv } from '../env.ts';
import { mediaTypeOf } from '../http/media-type.ts';
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

/** @throws {InputError} `option-invalid`; {EdgeError} `media-type-unsupported`, `json-malformed`. */
async function validate(c: Context<EdgeEnv>, { request = {} }: Route) {
  const { params, query, headers, body } = request;
  const schema = body?.content['application/json']?.schema;
  return {
    params: params && checked(params, c.req.param()),
    query: query && checked(query, queryOf(c)),
    headers: headers && checked(headers, c.req.header()),
    // A route that also takes bytes reads its body itself.
    json: isSchema(schema) ? checked(schema, await jsonOf(c)) : undefined,
  };
}

/** Serves `route`: middleware, checks, then `handler` with what was checked. */
export function serveRoute<const R extends Route>(
  app: Hono<EdgeEnv>,
  route: R,
  handler: RouteHandler<R>,
): void {
  const { method, path, middleware = [] } = route;
  const pattern = path.replaceAll(/\{(\w+)\}/g, ':$1');
  for (const handle of middleware) app.on(method.toUpperCase(), pattern, handle);
  app.on(method.toUpperCase(), pattern, async (c) =>
    // Each part was checked by the schema that its type comes from.
    handler(c, (await validate(c, route)) as Valid<R>),
  );
}
