// `--hard-cases` and `--warm-start`: what comes back from the edge, and the bundle in use.
import { type Bundle, readBundle, sha256Hex } from '@dandan/shared/bundle';
import type { Command } from 'commander';
import type { LoadedData } from '../../data/load-data.ts';
import { addHardCases, type WithHardCases } from '../../hard-cases/add-hard-cases.ts';
import { readHardCases } from '../../hard-cases/read-hard-cases.ts';
import { readBundleFile } from '../read-bundle-file.ts';

export interface StartFromFlags {
  hardCases?: string;
  warmStart?: string;
}

export function declareStartFrom(command: Command): Command {
  return command
    .option(
      '--hard-cases <path>',
      'labelled cases as `dandan label export` writes them, a table or a folder of tables: they join the training labels',
    )
    .option(
      '--warm-start <file>',
      'students start half-way from the weights of this bundle: same structure, widths, columns and classes',
    );
}

/** The data with the hard cases that the flags name. */
export async function withHardCases(
  loaded: LoadedData,
  path: string | undefined,
  signal: AbortSignal,
): Promise<LoadedData & Partial<WithHardCases>> {
  if (path === undefined) return loaded;
  const { featureSpec } = loaded.graph;
  return addHardCases(loaded, await readHardCases({ path, featureSpec, signal }));
}

export interface Champion {
  readonly champion: Bundle;
  readonly sha256: string;
}

/** @throws {InputError} `data-missing`, `bundle-*`. */
export async function readChampion(file: string | undefined): Promise<Champion | undefined> {
  if (file === undefined) return undefined;
  const bytes = await readBundleFile(file);
  return { champion: await readBundle(bytes), sha256: await sha256Hex(bytes) };
}
