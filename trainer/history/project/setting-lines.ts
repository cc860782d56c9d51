// Settings of plant.yaml by file and line, where only their names are known to whoever refuses them.
import { basename } from 'node:path';
import { InputError } from '@dandan/shared/error';
import type { IssueCollector } from '../../data/issues.ts';
import type { ReadProject } from './read-project.ts';

/** Sections whose settings are told by name alone; a file such as `split.csv:3:class` is none. */
const SETTING = /^(?:telemetry(?:\.\d+(?:\.|$)|$)|split\.[^:]*$)/;

type Lines = Pick<ReadProject, 'file' | 'lineOf'>;

/** `plant.yaml:12:split.test`. */
export function settingPlace({ file, lineOf }: Lines, path: readonly PropertyKey[]): string {
  return `${basename(file)}:${lineOf(path)}:${path.map(String).join('.')}`;
}

/** The place of a setting, e.g. `telemetry.0.files`; every other field as it is. */
export function fieldPlace(lines: Lines, field: string): string {
  if (!SETTING.test(field)) return field;
  const path = field.split('.').map((key) => (/^\d+$/.test(key) ? Number(key) : key));
  return settingPlace(lines, path);
}

/** Says of each problem with a setting in which line it stands. */
export function withLines(lines: Lines, issues: IssueCollector): IssueCollector {
  return {
    report: (issue) => issues.report({ ...issue, field: fieldPlace(lines, issue.field) }),
  };
}

/**
 * The result of `work`.
 *
 * @throws {InputError} what `work` throws, with the line where it names a setting.
 */
export async function namingLines<Result>(
  lines: Lines,
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof InputError) || error.field === undefined) throw error;
    const { code, message, value, allowed, cause } = error;
    const field = fieldPlace(lines, error.field);
    throw field === error.field
      ? error
      : new InputError(code, message.replace(error.field, field), { field, value, allowed, cause });
  }
}
