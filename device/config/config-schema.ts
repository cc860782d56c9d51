// The JSON schema of a configuration for editors: from the same zod schema that reads it.
import * as z from 'zod';
import { describeFields } from './describe-fields.ts';
import { readExample } from './example-text.ts';
import { gatewayConfigSchema } from './schema.ts';

interface SchemaNode {
  description?: string;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly [keyword: string]: unknown;
}

function describe(node: SchemaNode, path: string, texts: ReadonlyMap<string, string>): void {
  const text = texts.get(path);
  if (text !== undefined) node.description ??= text;
  for (const [name, child] of Object.entries(node.properties ?? {})) {
    describe(child, path === '' ? name : `${path}.${name}`, texts);
  }
}

/** JSON Schema 2020-12 of what people may write; what only code can check is left to `check`. */
export function configJsonSchema(): SchemaNode {
  // What is written, not what is made of it: fields with a default may be left out.
  const schema = z.toJSONSchema(gatewayConfigSchema, { io: 'input', unrepresentable: 'any' });
  const node = schema as SchemaNode;
  describe(node, '', describeFields(readExample()));
  return { title: 'Configuration of a Dandan gateway', ...node };
}
