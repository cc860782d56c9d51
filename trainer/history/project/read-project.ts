// plant.yaml of a folder, checked, with what is wrong by file and line.
import { basename } from 'node:path';
import { InputError } from '@dandan/shared/error';
import { readYaml } from '../../config/read-yaml.ts';
import { yamlIssues } from '../../config/yaml-issues.ts';
import { type IssueCollector, refuseFirst } from '../../data/issues.ts';
import { findProject, PROJECT_FILES, type ProjectPlace } from './find-project.ts';
import { issueWords } from './issue-words.ts';
import { type PlantProject, projectSchema } from './schema.ts';
import { unreadKeys } from './unread-keys.ts';

/** Kinds and columns of some thousand machines; a file larger than this is another one. */
const MAX_FILE_BYTES = 4 * 1024 * 1024;

export interface ReadProject extends ProjectPlace {
  readonly project: PlantProject;
  /** Line of a setting, e.g. `['telemetry', 0, 'files']`, or of the nearest one above it. */
  lineOf(path: readonly PropertyKey[]): number;
}

/**
 * Reads the project at `path` (the folder, or plant.yaml itself) and reports everything wrong.
 *
 * @returns `undefined` only when `issues` took a problem.
 */
export async function checkProject(
  path: string,
  issues: IssueCollector,
): Promise<ReadProject | undefined> {
  try {
    const place = await findProject(path);
    const allowed = `YAML, as \`dandan init plant\` writes ${PROJECT_FILES[0]}`;
    const { file } = place;
    const name = basename(file);
    const yaml = await readYaml({ file, name, field: name, maxBytes: MAX_FILE_BYTES, allowed });
    const result = projectSchema.safeParse(yaml.json);
    const found = [
      ...(result.success ? [] : yamlIssues(yaml, result.error, { wordsOf: issueWords })),
      ...(result.success ? unreadKeys(yaml, result.data) : []),
    ];
    for (const issue of found) issues.report(issue);
    return result.success && found.length === 0
      ? { project: result.data, ...place, lineOf: yaml.lineOf }
      : undefined;
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const { code, message, field = path, value, allowed = '', cause } = error;
    issues.report({ code, message, field, value, allowed, cause });
    return undefined;
  }
}

/**
 * Reads the project at `path`: a folder with plant.yaml, plant.yml or plant.json, or the file.
 *
 * @throws {InputError} `data-missing`; `config-invalid` with field `file:line:key`.
 */
export async function readProject(path: string): Promise<ReadProject> {
  return (await checkProject(path, refuseFirst))!;
}
