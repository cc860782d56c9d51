// meta.json, where a folder has one: the name of the data set and of its classes.
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { MAX_CLASSES } from '@dandan/shared/bundle';
import * as z from 'zod';
import type { IssueCollector } from '../issues.ts';
import { MAX_CLASS_NAME_CHARACTERS, MAX_META_BYTES } from '../limits.ts';

/** Everything else in the file is for people. */
const metaSchema = z.object({
  name: z.string().min(1).max(256).optional(),
  /** Names by class number, or the order of the label texts. */
  classes: z
    .array(z.string().min(1).max(MAX_CLASS_NAME_CHARACTERS))
    .min(1)
    .max(MAX_CLASSES)
    .refine((names) => new Set(names).size === names.length, 'names must differ')
    .optional(),
});

export type Meta = z.infer<typeof metaSchema>;

/** Reads `meta.json` of a folder; empty when there is none. */
export async function readMeta(options: {
  readonly dir: string;
  readonly issues: IssueCollector;
  readonly signal?: AbortSignal | undefined;
}): Promise<Meta> {
  const { dir, issues, signal } = options;
  const path = join(dir, 'meta.json');
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) return {};
  const refuse = (field: string, value: unknown, allowed: string, cause?: unknown): Meta => {
    const message = `meta.json is not usable: ${field}`;
    issues.report({ code: 'data-invalid', message, field, value, allowed, cause });
    return {};
  };
  if (found.size > MAX_META_BYTES) {
    return refuse('meta.json', `${found.size} bytes`, `at most ${MAX_META_BYTES} bytes`);
  }
  let json: unknown;
  try {
    json = JSON.parse(await readFile(path, { encoding: 'utf8', ...(signal && { signal }) }));
  } catch (cause) {
    signal?.throwIfAborted();
    return refuse('meta.json', undefined, 'a JSON object', cause);
  }
  const parsed = metaSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  return refuse(`meta.json:${issue.path.join('.')}`, undefined, issue.message);
}
