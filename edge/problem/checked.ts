import type * as z from 'zod';
import { invalidOption } from './invalid-option.ts';

/** What `schema` makes of `input`. @throws {InputError} `option-invalid` for its first complaint. */
export function checked<S extends z.ZodType>(schema: S, input: unknown): z.output<S> {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  throw invalidOption(result.error.issues, input);
}
