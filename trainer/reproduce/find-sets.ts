// The sets of a reproduction: every graph below the given paths, by name.
import { readdir, stat } from 'node:fs/promises';
import { basename, extname, join, resolve } from 'node:path';
import { InputError } from '@dandan/shared/error';
import { PLANT } from '../data/load-data.ts';
import { isProject } from '../history/project/find-project.ts';

export interface SetPath {
  /** Name of the folder, or of the file without its extension. */
  readonly name: string;
  readonly path: string;
}

/** Files that mark a folder as one graph rather than a collection of them; a plant's history is one. */
const GRAPH_FILES = /^(edges|labels|nodes)\.(csv|parquet)(\.gz)?$/;
const GRAPH_FOLDERS = new Set(['raw']);

const nameOf = (path: string) => {
  const name = basename(resolve(path));
  return extname(name) === '.npz' ? name.slice(0, -'.npz'.length) : name;
};

async function isGraph(path: string): Promise<boolean> {
  if (path.endsWith('.npz') || (await isProject(path))) return true;
  const entries = await readdir(path).catch(() => []);
  return entries.some((name) => GRAPH_FILES.test(name) || GRAPH_FOLDERS.has(name));
}

async function setsAt(path: string): Promise<SetPath[]> {
  if (path === PLANT) return [{ name: PLANT, path }];
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) {
    throw new InputError('data-missing', `There is no '${path}'`, {
      field: '--data',
      value: path,
      allowed: 'a graph, or a folder with graphs in sub-folders',
    });
  }
  if (await isGraph(path)) return [{ name: nameOf(path), path }];
  const inner: SetPath[] = [];
  for (const entry of (await readdir(path)).sort()) {
    const below = join(path, entry);
    if (await isGraph(below)) inner.push({ name: nameOf(below), path: below });
  }
  return inner;
}

/**
 * Finds the graphs at or directly below `paths`.
 *
 * @param wanted names to keep, in their order. @default {all of them}
 * @throws {InputError} `data-missing` when a path or a wanted set is not there;
 * `option-invalid` when two sets have one name.
 */
export async function findSets(
  paths: readonly string[],
  wanted?: readonly string[],
): Promise<SetPath[]> {
  const found = (await Promise.all(paths.map(setsAt))).flat();
  const names = found.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) {
    throw new InputError('option-invalid', `Two sets are called '${twice}'`, {
      field: '--data',
      value: found.filter(({ name }) => name === twice).map(({ path }) => path),
      allowed: 'sets of different names',
    });
  }
  const absent = wanted?.find((name) => !names.includes(name));
  if (found.length === 0 || absent !== undefined) {
    throw new InputError('data-missing', `There is no set '${absent ?? 'at all'}' in the data`, {
      field: absent === undefined ? '--data' : '--sets',
      value: absent ?? paths.join(', '),
      allowed: names.join(', ') || 'a folder with graphs in sub-folders',
    });
  }
  return wanted?.map((name) => found[names.indexOf(name)]) ?? found;
}
