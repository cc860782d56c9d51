// Everything that wrangler.toml says of the Worker, as the local runtime takes it.
import { readdirSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { V4WorkerOptionsShape } from 'miniflare';
import { unstable_getMiniflareWorkerOptions, unstable_readConfig } from 'wrangler';
import { ServeError } from './serve-error.ts';

/** A D1 database and where its migrations lie. */
export interface Database {
  readonly binding: string;
  /** Table that keeps which migrations were applied. */
  readonly table: string;
  readonly folder: string;
  /** File names in the order they apply. */
  readonly migrations: readonly string[];
}

export interface Settings {
  readonly configFile: string;
  readonly name: string;
  readonly main: string;
  /** Bindings, queues, Durable Objects: all but the code. */
  readonly worker: V4WorkerOptionsShape;
  readonly crons: readonly string[];
  readonly databases: readonly Database[];
}

/** What is read here of it; wrangler's own type lies in a package that it does not ship. */
interface WranglerConfig {
  readonly name?: string;
  readonly main?: string;
  readonly triggers: { readonly crons?: readonly string[] };
  readonly d1_databases: readonly {
    readonly binding: string;
    readonly migrations_dir?: string;
    readonly migrations_table?: string;
  }[];
}

function migrationsOf(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.sql'))
    .sort();
}

/** Wrangler's own reader does it, so whatever is added to the file is there. @throws {ServeError} `config-unusable`. */
export function readSettings(file: string): Settings {
  const configFile = resolve(file);
  try {
    const config: WranglerConfig = unstable_readConfig({ config: configFile });
    const { name, main } = config;
    if (!name || !main) throw new Error(`it has no ${name ? 'main' : 'name'}`);
    const { workerOptions } = unstable_getMiniflareWorkerOptions(configFile);
    const databases = config.d1_databases.flatMap((each) => {
      if (each.migrations_dir === undefined) return [];
      const folder = resolve(dirname(configFile), each.migrations_dir);
      const table = each.migrations_table ?? 'd1_migrations';
      return [{ binding: each.binding, table, folder, migrations: migrationsOf(folder) }];
    });
    const crons = config.triggers.crons ?? [];
    // Its type is an Omit over an index signature, which forgets the keys.
    const worker = { ...workerOptions, name } as V4WorkerOptionsShape;
    return { configFile, name, main, worker, crons, databases };
  } catch (error) {
    throw new ServeError(
      'config-unusable',
      `${configFile} cannot be used: ${(error as Error).message}`,
      'name the wrangler.toml of the edge with --config',
      error,
    );
  }
}
