// Files from sites that a coordinator does not control.
import { readFile, stat } from 'node:fs/promises';
import { InputError } from '@dandan/shared/error';
import type * as z from 'zod';
import { MAX_SUMMARY_BYTES } from './limits.ts';
import { type SiteSummary, summarySchema } from './summary.ts';

/**
 * Reads a JSON file of a known form, bounded in size.
 *
 * @throws {InputError} `data-missing`, `data-invalid` naming file and field.
 */
export async function readJsonFile<S extends z.ZodType>(
  path: string,
  schema: S,
  what: string,
): Promise<z.output<S>> {
  const refuse = (value: unknown, allowed: string, field = path, cause?: unknown): never => {
    throw new InputError('data-invalid', `'${path}' is no ${what}`, {
      field,
      value,
      allowed,
      cause,
    });
  };
  let text: string;
  try {
    const { size } = await stat(path);
    if (size > MAX_SUMMARY_BYTES) refuse(`${size} bytes`, `at most ${MAX_SUMMARY_BYTES} bytes`);
    text = await readFile(path, 'utf8');
  } catch (cause) {
    if (cause instanceof InputError) throw cause;
    throw new InputError('data-missing', `Cannot read '${path}'`, { field: path, cause });
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    refuse(text.slice(0, 40), 'JSON', path, cause);
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  return refuse(undefined, issue.message, `${path}:${issue.path.join('.')}`);
}

/** @throws {InputError} `data-missing`, `data-invalid` naming file and field. */
export const readSummary = (path: string): Promise<SiteSummary> =>
  readJsonFile(path, summarySchema, 'summary of a site');
