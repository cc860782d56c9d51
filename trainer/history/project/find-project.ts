// Where the file of a plant's project lies.
import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { InputError } from '@dandan/shared/error';

export const PROJECT_FILES = ['plant.yaml', 'plant.yml', 'plant.json'] as const;

export interface ProjectPlace {
  readonly folder: string;
  readonly file: string;
}

const isProjectFile = (name: string) => PROJECT_FILES.some((known) => known === name);

async function projectFiles(path: string): Promise<string[]> {
  const found = await stat(path).catch(() => undefined);
  if (found?.isFile()) return isProjectFile(basename(path)) ? [path] : [];
  if (!found?.isDirectory()) return [];
  const names = await readdir(path).catch(() => []);
  return names
    .filter(isProjectFile)
    .sort()
    .map((name) => join(path, name));
}

/** Whether `path` is a folder with a plant.yaml, or such a file itself. Never throws. */
export async function isProject(path: string): Promise<boolean> {
  return (await projectFiles(path)).length > 0;
}

/** @throws {InputError} `data-missing` where there is none, `config-invalid` where there are two. */
export async function findProject(path: string): Promise<ProjectPlace> {
  const files = await projectFiles(path);
  const [file] = files;
  if (file === undefined) {
    throw new InputError('data-missing', `'${path}' is no project of a plant`, {
      field: path,
      allowed: `a folder with ${PROJECT_FILES.join(' or ')}; \`dandan init plant DIR\` makes one`,
    });
  }
  if (files.length > 1) {
    throw new InputError('config-invalid', `'${path}' has ${files.length} project files`, {
      field: path,
      value: files.map((each) => basename(each)).join(', '),
      allowed: 'one of them; delete or rename the others',
    });
  }
  return { folder: dirname(file), file };
}
