// One door to graphs on disk: recognises the layout at a path and reads it.
import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { isProject } from '../history/project/find-project.ts';
import { findTelemetry } from './find-telemetry.ts';
import { graphFolderReader } from './graph-folder/read-graph-folder.ts';
import type { GraphReader, LayoutName, Place, ReadGraph } from './graph-reader.ts';
import { type Issue, type IssueCollector, refuseFirst } from './issues.ts';
import { npzReader } from './npz/read-npz.ts';
import { ogbReader } from './ogb/read-ogb-folder.ts';
import { tableReader } from './table/read-table-folder.ts';

/** In the order they are tried: the graph folder last, as `edges.csv` alone could be a table's. */
export const GRAPH_READERS: readonly GraphReader[] = [
  npzReader,
  ogbReader,
  tableReader,
  graphFolderReader,
];

const KNOWN = GRAPH_READERS.map(({ title }) => title).join('; ');

export interface ReadAnyGraphOptions {
  /** A file or folder in any of the layouts. */
  readonly path: string;
  /** Where problems go. @default {refuseFirst, which throws} */
  readonly issues?: IssueCollector | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface ReadAnyGraph extends ReadGraph {
  readonly layout: LayoutName;
}

async function listing(path: string): Promise<Set<string>> {
  const names = await readdir(path, { withFileTypes: true });
  const found = new Set(names.filter((name) => !name.isDirectory()).map(({ name }) => name));
  if (names.some((entry) => entry.isDirectory() && entry.name === 'raw')) {
    for (const name of await readdir(`${path}/raw`)) found.add(`raw/${name}`);
  }
  return found;
}

async function look(path: string): Promise<Place | undefined> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) return undefined;
  return { path, content: found.isDirectory() ? await listing(path) : 'file' };
}

/** What to do with readings that nothing describes. */
async function refuseTelemetry(path: string, files: string): Promise<Issue> {
  const project = dirname(resolve(path));
  const allowed = (await isProject(project))
    ? `'${project}', the project that they belong to`
    : '`dandan init plant NEW` writes a plant.yaml to fill in; its folder telemetry takes these files';
  return {
    code: 'data-invalid',
    message: `${basename(resolve(path))} holds tables, but no plant.yaml says what they are`,
    field: 'path',
    value: files,
    allowed: `${allowed}. Or a graph: ${KNOWN}`,
  };
}

/** @returns `undefined` when nothing is there or nothing in a known layout, reported to `issues`. */
async function detect(path: string, issues: IssueCollector): Promise<GraphReader | undefined> {
  const place = await look(path);
  const reader = place && GRAPH_READERS.find((candidate) => candidate.detect(place));
  if (reader !== undefined) return reader;
  const telemetry = await findTelemetry(path);
  if (telemetry !== undefined) {
    issues.report(await refuseTelemetry(path, telemetry));
    return undefined;
  }
  issues.report({
    code: place === undefined ? 'data-missing' : 'data-invalid',
    message:
      place === undefined
        ? `There is no file or folder ${basename(resolve(path))}`
        : `${basename(resolve(path))} is in no layout that Dandan reads`,
    field: 'path',
    value: path,
    allowed: `${KNOWN}; or a folder with plant.yaml`,
  });
  return undefined;
}

/**
 * Reads a graph in whichever layout it is.
 *
 * @returns `undefined` only when `issues` took a problem after which there is no graph.
 * @throws {InputError} `data-missing` or `data-invalid` from the default `issues`, with
 * `file:line:column`, or `file:array[entry]`, as the field.
 */
export async function readGraph(
  options: ReadAnyGraphOptions & { readonly issues?: undefined },
): Promise<ReadAnyGraph>;
export async function readGraph(options: ReadAnyGraphOptions): Promise<ReadAnyGraph | undefined>;
export async function readGraph(options: ReadAnyGraphOptions): Promise<ReadAnyGraph | undefined> {
  const { path, issues = refuseFirst, signal } = options;
  signal?.throwIfAborted();
  const reader = await detect(path, issues);
  const read = await reader?.read({ path, issues, signal });
  return reader && read && { ...read, layout: reader.layout };
}
