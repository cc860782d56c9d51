// Writers of one plain graph in every layout and variant that the readers take.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { onTestFinished } from 'vitest';
import { type Files, type LayoutVariant, lines } from './layout-variant.ts';
import { NPZ_VARIANTS } from './npz-variants.ts';
import type { PlainGraph } from './plain-graph.ts';
import { TABLE_VARIANTS } from './table-variants.ts';

const gzipped = (files: Files): Files =>
  Object.fromEntries(Object.entries(files).map(([name, text]) => [`${name}.gz`, gzipSync(text)]));

function graphFolder({ edges, labels, splits, features }: PlainGraph): Files {
  const row = (values: readonly number[]) =>
    values.flatMap((value, j) => (value === 0 ? [] : [`${j}:${value}`])).join(' ');
  return {
    'edges.csv': lines([['src', 'dst'], ...edges]),
    'labels.csv': lines([
      ['node', 'label', 'split'],
      ...labels.map((label, node) => [node, label, splits[node]]),
    ]),
    'features.csv': lines([
      ['node', 'features'],
      ...features.map((values, node) => [node, row(values)]),
    ]),
  };
}

function ogbFolder({ edges, labels, splits, features }: PlainGraph): Files {
  const set = (name: string) =>
    lines(splits.flatMap((split, node) => (split === name ? [[node]] : [])));
  return {
    'raw/edge.csv': lines(edges),
    'raw/node-feat.csv': lines(features),
    'raw/node-label.csv': lines(labels.map((label) => [label === -1 ? 'nan' : label])),
    'raw/num-node-list.csv': `${labels.length}\n`,
    'raw/num-edge-list.csv': `${edges.length}\n`,
    'split/time/train.csv': set('train'),
    'split/time/valid.csv': set('val'),
    'split/time/test.csv': set('test'),
  };
}

/** Every layout, in its variants. */
export const VARIANTS: readonly LayoutVariant[] = [
  { layout: 'graph-folder', title: 'a graph folder', files: graphFolder },
  {
    layout: 'graph-folder',
    title: 'a gzipped graph folder',
    files: (graph) => gzipped(graphFolder(graph)),
  },
  ...NPZ_VARIANTS,
  { layout: 'ogb', title: 'an OGB folder', files: ogbFolder },
  { layout: 'ogb', title: 'a gzipped OGB folder', files: (graph) => gzipped(ogbFolder(graph)) },
  ...TABLE_VARIANTS,
];

/** Writes files and returns their folder; it is removed when the current test ends. */
export async function writeFiles(files: Files): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'dandan-layout-'));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(dir, name)), { recursive: true });
    await writeFile(join(dir, name), content);
  }
  return dir;
}

/** Writes `graph` and returns the path that a user would give. */
export async function writeVariant(variant: LayoutVariant, graph: PlainGraph): Promise<string> {
  const dir = await writeFiles(variant.files(graph));
  return variant.file === undefined ? dir : join(dir, variant.file);
}
