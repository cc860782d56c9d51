// Text tables by name, plain or gzipped.
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { IssueCollector } from '../issues.ts';

export interface FoundTable {
  readonly path: string;
  /** The file as errors call it, relative to the folder. */
  readonly name: string;
}

const variants = (name: string) => [name, `${name}.gz`];

async function isFile(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isFile() ?? false;
}

/** Whether a listing holds `name` or `name.gz`. */
export function hasTable(names: ReadonlySet<string>, name: string): boolean {
  return variants(name).some((variant) => names.has(variant));
}

/** `name` or `name.gz`, whichever the folder has. */
export async function findTable(dir: string, name: string): Promise<FoundTable | undefined> {
  for (const variant of variants(name)) {
    const path = join(dir, variant);
    if (await isFile(path)) return { path, name: variant };
  }
  return undefined;
}

/** Like {@linkcode findTable}, and reports `data-missing` where the folder has neither. */
export async function requireTable(
  dir: string,
  name: string,
  issues: IssueCollector,
): Promise<FoundTable | undefined> {
  const found = await findTable(dir, name);
  if (found === undefined) {
    issues.report({
      code: 'data-missing',
      message: `The folder has no ${name}`,
      field: name,
      value: undefined,
      allowed: variants(name).join(' or '),
    });
  }
  return found;
}
