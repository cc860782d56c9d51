// Parsers of names on the command line: what would be refused later is refused now.
import { InvalidArgumentError } from 'commander';
import type { z } from 'zod';

/** A parser that accepts what `schema` accepts; the schema's message says what that is. */
export const textOption = (schema: z.ZodType<string>) => (text: string) => {
  const parsed = schema.safeParse(text);
  if (parsed.success) return parsed.data;
  throw new InvalidArgumentError(`It must be ${parsed.error.issues[0].message}.`);
};
