// Words of people in one line of a table or a log.
import * as z from 'zod';

const CONTROL = /\p{Cc}/u;

/**
 * Text without control characters. Not a pattern in the document: what OpenAPI's readers know of
 * Unicode classes differs.
 */
export const printable = (minimum: number, maximum: number) =>
  z
    .string()
    .min(minimum)
    .max(maximum)
    .refine(
      (text) => !CONTROL.test(text),
      `${minimum}..${maximum} characters, no control characters`,
    );
