// Which files a setting of plant.yaml names: paths, or patterns with `*`.
import { glob } from 'node:fs/promises';
import { isAbsolute, sep } from 'node:path';
import type { IssueCollector } from '../../data/issues.ts';

export interface FindSheetsOptions {
  readonly folder: string;
  /** Relative to the folder; `*` stands for any characters of a name. */
  readonly patterns: string | readonly string[];
  /** The setting, for errors, e.g. `plant.yaml:12:labels.files`. */
  readonly field: string;
  readonly issues: IssueCollector;
}

/** Names of the files in the order of the patterns, then of the alphabet; each once. */
export async function findSheets(options: FindSheetsOptions): Promise<string[]> {
  const { folder, patterns, field, issues } = options;
  const names = new Set<string>();
  for (const pattern of [patterns].flat()) {
    if (isAbsolute(pattern) || pattern.split(/[/\\]/).includes('..')) {
      issues.report({
        code: 'config-invalid',
        message: `'${pattern}' leaves the folder of the project`,
        field,
        value: pattern,
        allowed: 'files in the folder of plant.yaml',
      });
      continue;
    }
    // A plain path may hold characters that a pattern reads as its own, such as brackets.
    if (!pattern.includes('*')) {
      names.add(pattern);
      continue;
    }
    const found: string[] = [];
    for await (const name of glob(pattern, { cwd: folder })) found.push(name.split(sep).join('/'));
    for (const name of found.sort()) names.add(name);
    if (found.length > 0) continue;
    issues.report({
      code: 'data-missing',
      message: `No file matches '${pattern}'`,
      field,
      value: pattern,
      allowed: 'files relative to plant.yaml',
    });
  }
  return [...names];
}
