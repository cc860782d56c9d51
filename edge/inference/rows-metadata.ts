// What a body of quantised rows says of the bundle that quantised them.
import { modelNameSchema } from '@dandan/shared/bundle';
import type * as z from 'zod';
import { sha256Schema } from '../openapi/schemas.ts';
import { invalidOption } from '../problem/invalid-option.ts';

export type Metadata = Readonly<Record<string, string>>;

/** Field `name` as `schema` reads it. @throws {InputError} `option-invalid`. */
export function metadataField<S extends z.ZodType>(
  metadata: Metadata,
  name: string,
  schema: S,
): z.output<S> {
  const read = schema.safeParse(metadata[name]);
  if (read.success) return read.data;
  const [{ message }] = read.error.issues;
  throw invalidOption([{ path: ['__metadata__', name], message }], { __metadata__: metadata });
}

/** Model and bundle of the rows. @throws {InputError} `option-invalid`. */
export function readRowsMetadata(metadata: Metadata): { model: string; sha256: string } {
  return {
    model: metadataField(metadata, 'model', modelNameSchema),
    sha256: metadataField(metadata, 'bundle', sha256Schema),
  };
}
