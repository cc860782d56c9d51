// The OpenAPI 3.1 document, generated from the routes as they are served.
import { explainRequestSchema, predictRequestSchema } from '@dandan/shared/wire';
import * as z from 'zod';
import { type Components, type JsonSchema, toJsonSchema } from './documented.ts';
import type { AnySchema, Route, RouteRequest } from './route.ts';

/** Component of the JSON prediction body, which the handler checks by hand (see json-rows.ts). */
export const PREDICT_REQUEST_REF = '#/components/schemas/PredictRequest';

export const EXPLAIN_REQUEST_REF = '#/components/schemas/ExplainRequest';

const INFO = {
  title: 'Dandan edge',
  version: '1',
  description:
    'Registry of ProGMLP bundles and inference on them. Errors are RFC 9457 problems with a stable `code`.',
  license: { name: 'MIT', identifier: 'MIT' },
};

const SECURITY_SCHEMES = {
  key: {
    type: 'http',
    scheme: 'bearer',
    description: 'A key of scope predict, device or operator; each holds the scopes before it.',
  },
};

const PLACES = { params: 'path', query: 'query', headers: 'header' } as const;

function parametersOf(request: RouteRequest, components: Components): object[] {
  return Object.entries(PLACES).flatMap(([part, place]) => {
    const schema = request[part as keyof typeof PLACES];
    return Object.entries(schema?.shape ?? {}).map(([name, each]) => ({
      name,
      in: place,
      required: !(each as z.ZodType).safeParse(undefined).success,
      schema: toJsonSchema(each as z.ZodType, 'input', components),
    }));
  });
}

function contentOf(
  content: Readonly<Record<string, { readonly schema: AnySchema }>>,
  io: 'input' | 'output',
  components: Components,
): object {
  return Object.fromEntries(
    Object.entries(content).map(([type, { schema }]) => [
      type,
      { schema: schema instanceof z.ZodType ? toJsonSchema(schema, io, components) : schema },
    ]),
  );
}

function operationOf(route: Route, components: Components): JsonSchema {
  const { summary, description, security, request = {}, responses } = route;
  const parameters = parametersOf(request, components);
  const { body } = request;
  return {
    summary,
    ...(description !== undefined && { description }),
    ...(security !== undefined && { security }),
    ...(parameters.length > 0 && { parameters }),
    ...(body && {
      requestBody: {
        required: body.required,
        content: contentOf(body.content, 'input', components),
      },
    }),
    responses: Object.fromEntries(
      Object.entries(responses).map(([status, { content, ...rest }]) => [
        status,
        content ? { ...rest, content: contentOf(content, 'output', components) } : rest,
      ]),
    ),
  };
}

/** The document of `routes`, in their order. */
export function createDocument(routes: readonly Route[]): JsonSchema {
  const components: Components = new Map();
  const paths: Record<string, Record<string, JsonSchema>> = {};
  for (const route of routes) {
    paths[route.path] ??= {};
    paths[route.path][route.method] = operationOf(route, components);
  }
  components.set('PredictRequest', toJsonSchema(predictRequestSchema, 'input', components));
  components.set('ExplainRequest', toJsonSchema(explainRequestSchema, 'input', components));
  return {
    openapi: '3.1.0',
    info: INFO,
    servers: [{ url: '/' }],
    paths,
    components: {
      schemas: Object.fromEntries(components),
      securitySchemes: SECURITY_SCHEMES,
    },
  };
}
