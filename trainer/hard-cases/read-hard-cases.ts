// Labelled hard cases as `dandan label export` writes them: a node table without edges.
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { sha256Hex } from '@dandan/shared/bundle';
import { InputError } from '@dandan/shared/error';
import { columnNames, type FeatureSpec } from '@dandan/shared/features';
import type { FloatRows } from '@dandan/shared/kernel';
import { refuseFirst } from '../data/issues.ts';
import { findNodeColumns } from '../data/table/find-columns.ts';
import { openCsv } from '../data/table/open-csv.ts';
import { openParquet } from '../data/table/open-parquet.ts';
import { readNodes } from '../data/table/read-nodes.ts';

/** Fifty times what an edge keeps of a model; more is a data set, not a handful of corrections. */
export const MAX_HARD_CASES = 100_000;

export interface HardCases {
  /** The values that the row's codes stand for, in the order of the spec's columns. */
  readonly rows: FloatRows;
  /** Class name of each. */
  readonly labels: readonly string[];
  /** SHA-256 over the files, in order of name. */
  readonly sha256: string;
}

export interface ReadHardCasesOptions {
  /** A table, or a folder of tables: `.csv`, `.csv.gz` or `.parquet`. */
  readonly path: string;
  /** Of the data that they join. */
  readonly featureSpec: FeatureSpec;
  readonly signal?: AbortSignal | undefined;
}

const TABLE = /\.(csv|csv\.gz|parquet)$/;
/** A folder of cases may hold the empty edge table that makes it a graph of its own. */
const EDGES = /^edges\./;

async function tablesAt(path: string): Promise<string[]> {
  const found = await stat(path).catch(() => undefined);
  if (found?.isFile() && TABLE.test(path)) return [path];
  const names = found?.isDirectory() ? await readdir(path) : [];
  const tables = names.filter((name) => TABLE.test(name) && !EDGES.test(name)).sort();
  if (tables.length > 0) return tables.map((name) => join(path, name));
  throw new InputError('data-missing', `There are no hard cases at '${path}'`, {
    field: '--hard-cases',
    value: path,
    allowed: 'a table that `dandan label export` wrote, or a folder of such tables',
  });
}

/** Position of each column of the spec among the table's features. */
function order(name: string, columns: readonly string[], wanted: readonly string[]): number[] {
  const positions = wanted.map((column) => columns.indexOf(column));
  const missing = positions.indexOf(-1);
  if (missing < 0 && columns.length === wanted.length) return positions;
  throw new InputError('data-invalid', `${name} has other columns than the data`, {
    field: `${name}:1`,
    value: missing < 0 ? `${columns.length} columns` : `no column ${wanted[missing]}`,
    allowed: `${wanted.length} columns: ${wanted.slice(0, 6).join(', ')}${wanted.length > 6 ? ', …' : ''}`,
  });
}

interface Case {
  readonly values: Float32Array;
  readonly label: string;
}

async function readTable(
  path: string,
  { featureSpec, signal }: ReadHardCasesOptions,
  cases: Map<string, Case>,
): Promise<void> {
  const name = basename(path);
  const source = path.endsWith('.parquet')
    ? await openParquet({ path, name })
    : await openCsv({ path, name }, { signal });
  const columns = findNodeColumns(source).features.map((at) => source.columns[at]);
  const positions = order(name, columns, columnNames(featureSpec));
  const table = await readNodes({ source, issues: refuseFirst, signal });
  // `readNodes` reads dense rows alone.
  const { width, values } = table.features.rows;
  for (const [row, id] of table.ids.names().entries()) {
    const label = table.labelTexts[table.labels[row]];
    // `dandan label export --all` lists those that nobody has labelled yet.
    if (label === undefined) continue;
    // A later file is a later word on the case, and takes its place in the order.
    cases.delete(id);
    cases.set(id, {
      label,
      values: Float32Array.from(positions, (at) => values[row * width + at]),
    });
  }
}

/**
 * Reads cases; of one that several files hold, the last file in order of name counts.
 *
 * @throws {InputError} `data-missing`; `data-invalid` naming file, line and column.
 */
export async function readHardCases(options: ReadHardCasesOptions): Promise<HardCases> {
  const paths = await tablesAt(options.path);
  const cases = new Map<string, Case>();
  const hashes: string[] = [];
  for (const path of paths) {
    options.signal?.throwIfAborted();
    await readTable(path, options, cases);
    hashes.push(await sha256Hex(new Uint8Array(await readFile(path))));
  }
  if (cases.size > MAX_HARD_CASES) {
    throw new InputError('data-invalid', 'There are too many hard cases', {
      field: '--hard-cases',
      value: cases.size,
      allowed: `at most ${MAX_HARD_CASES}`,
    });
  }
  const width = columnNames(options.featureSpec).length;
  const rows = { count: cases.size, width, values: new Float32Array(cases.size * width) };
  const all = [...cases.values()];
  all.forEach(({ values }, i) => {
    rows.values.set(values, i * width);
  });
  return {
    rows,
    labels: all.map(({ label }) => label),
    sha256: await sha256Hex(new TextEncoder().encode(hashes.join(' '))),
  };
}
