// Which column of a table is what, by name.
import { InputError } from '@dandan/shared/error';
import type { TableSource } from './table-source.ts';

/** Names in the wild, lower case; the first that a table has counts. */
const NODE = ['node', 'node_id', 'id'];
const LABEL = ['label', 'class', 'y'];
const SPLIT = ['split'];
const SOURCE = ['src', 'source', 'from'];
const TARGET = ['dst', 'target', 'to'];

/** pandas writes its index as a column of this name. */
const INDEX = /^__index_level_\d+__$/;

export interface NodeColumns {
  readonly node: number;
  readonly label: number;
  /** −1 where the table has none. */
  readonly split: number;
  /** All others with a name. */
  readonly features: readonly number[];
  /** Columns left out, in words. */
  readonly notes: readonly string[];
}

function find({ columns }: TableSource, names: readonly string[]): number {
  const titles = columns.map((title) => title.toLowerCase());
  for (const name of names) {
    const position = titles.indexOf(name);
    if (position >= 0) return position;
  }
  return -1;
}

function require(source: TableSource, names: readonly string[]): number {
  const position = find(source, names);
  if (position >= 0) return position;
  throw new InputError('data-invalid', `${source.name} has no column '${names[0]}'`, {
    field: source.unit === 'line' ? `${source.name}:1:${names[0]}` : `${source.name}:${names[0]}`,
    value: source.columns.slice(0, 8).join(','),
    allowed: `a column named ${names.join(' or ')}`,
  });
}

/** Columns of a node table. @throws {InputError} `data-invalid`. */
export function findNodeColumns(source: TableSource): NodeColumns {
  const { columns, name } = source;
  const node = require(source, NODE);
  const label = require(source, LABEL);
  const split = find(source, SPLIT);
  const others = [...columns.keys()].filter((at) => ![node, label, split].includes(at));
  const isFeature = (at: number) => columns[at] !== '' && !INDEX.test(columns[at]);
  const features = others.filter(isFeature);
  if (features.length === 0) {
    throw new InputError('data-invalid', `${name} has no feature column`, {
      field: source.unit === 'line' ? `${name}:1` : name,
      value: columns.slice(0, 8).join(','),
      allowed: 'at least one numeric column beside node, label and split',
    });
  }
  const left = others.length - features.length;
  const notes =
    left === 0
      ? []
      : [`${name} has ${left} columns that are an index or have no name; they are no features.`];
  return { node, label, split, features, notes };
}

/** Columns of an edge table: by name, or the only two. @throws {InputError} `data-invalid`. */
export function findEdgeColumns(source: TableSource): readonly [source: number, target: number] {
  const named = [find(source, SOURCE), find(source, TARGET)] as const;
  if (named.every((position) => position < 0) && source.columns.length === 2) return [0, 1];
  return [require(source, SOURCE), require(source, TARGET)];
}
