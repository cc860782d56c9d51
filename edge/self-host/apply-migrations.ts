// Brings databases up to date. What was applied is kept where wrangler keeps it, so either may go on.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { unstable_splitSqlQuery } from 'wrangler';
import type { Database } from './read-settings.ts';
import { ServeError } from './serve-error.ts';

/** What is needed of D1's interface. */
export interface MigratedDatabase {
  prepare(sql: string): MigrationStatement;
  batch(statements: MigrationStatement[]): Promise<unknown>;
}

export interface MigrationStatement {
  bind(...values: unknown[]): MigrationStatement;
  run(): Promise<unknown>;
  all<T>(): Promise<{ readonly results: T[] }>;
}

/** As wrangler creates it. */
const createTable = (table: string) =>
  `CREATE TABLE IF NOT EXISTS "${table}"(
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT UNIQUE,
    applied_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP NOT NULL
  )`;

/**
 * Applies what was not applied yet, in order; each migration and the note of it in one transaction.
 *
 * @returns names of those applied now.
 * @throws {ServeError} `migration-failed`; those before the failing one stay.
 */
export async function applyMigrations(
  database: MigratedDatabase,
  { binding, table, folder, migrations }: Database,
): Promise<string[]> {
  await database.prepare(createTable(table)).run();
  const { results } = await database
    .prepare(`SELECT name FROM "${table}"`)
    .all<{ readonly name: string }>();
  const applied = new Set(results.map(({ name }) => name));
  const due = migrations.filter((name) => !applied.has(name));
  for (const name of due) {
    const statements = unstable_splitSqlQuery(readFileSync(join(folder, name), 'utf8'));
    try {
      await database.batch([
        ...statements.map((sql) => database.prepare(sql)),
        database.prepare(`INSERT INTO "${table}" (name) VALUES (?)`).bind(name),
      ]);
    } catch (error) {
      throw new ServeError(
        'migration-failed',
        `Migration ${name} of ${binding} failed and changed nothing: ${(error as Error).message}`,
        'go back to the version before, or to a copy of the data folder, and report this',
        error,
      );
    }
  }
  return due;
}
