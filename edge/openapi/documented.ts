// Gives a schema of the shared core a name in the OpenAPI document. The core knows
// zod alone, so its schemas lack the extension that names components.
import { z } from '@hono/zod-openapi';

/** JSON Schema 2020-12, which is the dialect of OpenAPI 3.1. */
export function toJsonSchema(schema: z.core.$ZodType, io: 'input' | 'output'): object {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io });
  return rest;
}

/** A stand-in for a response schema, typed like it and documented as component `name`. */
export function documented<T>(name: string, schema: z.core.$ZodType<T>): z.ZodType<T> {
  return z.custom<T>().openapi(name, toJsonSchema(schema, 'output'));
}
