// Names and descriptions that schemas have in the OpenAPI document.
import * as z from 'zod';

/** A registry of our own: the document says only what is said here. */
const registry = z.registry<{ readonly id?: string; readonly description?: string }>();

/** The schema as component `id` of the document. */
export function named<S extends z.ZodType>(id: string, schema: S): S {
  registry.add(schema, { id });
  return schema;
}

/** The schema with a description in the document. */
export function described<S extends z.ZodType>(description: string, schema: S): S {
  registry.add(schema, { description });
  return schema;
}

export type JsonSchema = Readonly<Record<string, unknown>>;

/** Components by name, filled while schemas are written. */
export type Components = Map<string, JsonSchema>;

/**
 * JSON Schema 2020-12, which is the dialect of OpenAPI 3.1. Named schemas become components, and
 * references to them.
 */
export function toJsonSchema(
  schema: z.ZodType,
  io: 'input' | 'output',
  components: Components,
): JsonSchema {
  const made = z.toJSONSchema(schema, { io, metadata: registry, unrepresentable: 'any' });
  const text = JSON.stringify(made).replaceAll('#/$defs/', '#/components/schemas/');
  const { $schema: _dialect, $defs = {}, id: _id, ...own } = JSON.parse(text);
  for (const [name, definition] of Object.entries($defs as Record<string, JsonSchema>)) {
    const { id: _, ...rest } = definition;
    components.set(name, rest);
  }
  const id = registry.get(schema)?.id;
  if (id === undefined) return own;
  // A schema that is named at its root comes as a definition already, and as a reference to it.
  if (own.$ref === undefined) components.set(id, own);
  return { $ref: `#/components/schemas/${id}` };
}
