// Reads a search space: a named one, or a JSON file of option names and what they may be.
import { InputError } from '@dandan/shared/error';
import * as z from 'zod';
import { readConfig } from '../config/read-config.ts';
import { type Dimension, isSpaceName, SPACES, type Space } from './space.ts';

const EXAMPLE = '[0.01, 0.02] or { "minimum": 0.001, "maximum": 0.1, "scale": "log" }';

const rangeSchema = z
  .strictObject({
    minimum: z.number(),
    maximum: z.number(),
    scale: z.enum(['linear', 'log']).default('linear'),
    whole: z.boolean().default(false),
  })
  .refine(({ minimum, maximum }) => minimum < maximum, {
    error: 'the minimum is below the maximum',
  })
  .refine(({ minimum, scale }) => scale === 'linear' || minimum > 0, {
    error: 'a log scale begins above 0',
  })
  .refine(
    ({ minimum, maximum, whole }) =>
      !whole || (Number.isInteger(minimum) && Number.isInteger(maximum)),
    { error: 'a range of whole numbers has whole ends' },
  );

const valuesSchema = z
  .array(z.union([z.number(), z.string(), z.boolean()]))
  .min(1)
  .refine((values) => new Set(values).size === values.length, { error: 'every value once' });

function parseDimension(field: string, value: unknown): Dimension {
  const parsed = Array.isArray(value)
    ? valuesSchema.transform((values) => ({ kind: 'choice' as const, values })).safeParse(value)
    : rangeSchema.transform((range) => ({ kind: 'range' as const, ...range })).safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new InputError('config-invalid', `${field} is no dimension: ${issue.message}`, {
    field: [field, ...issue.path].join('.'),
    value,
    allowed: EXAMPLE,
    cause: parsed.error,
  });
}

/**
 * @param source `paper`, `wide` or a file.
 * @throws {InputError} `config-invalid` naming file and key.
 */
export function readSpace(source: string): Space {
  if (isSpaceName(source)) return SPACES[source];
  const entries = Object.entries(readConfig(source));
  if (entries.length > 0) {
    return Object.fromEntries(
      entries.map(([key, value]) => [key, parseDimension(`${source}: ${key}`, value)]),
    );
  }
  throw new InputError('config-invalid', `${source} names nothing to search`, {
    field: source,
    allowed: `option names, each with ${EXAMPLE}`,
  });
}
