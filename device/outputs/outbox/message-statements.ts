// SQL of the messages that are carried as they are.
import type { DatabaseSync } from 'node:sqlite';
import { CARRIED_CLASSES, type CarriedClass } from './message.ts';
import { TABLE_OF } from './tables.ts';

/** A row of a class's table. */
export interface MessageRecord {
  readonly seq: number;
  readonly id: string;
  readonly destination: string;
  readonly payload: Uint8Array;
  readonly created: number;
  readonly added: number;
  readonly sum: number;
}

/** node:sqlite throws at larger numbers, which only a damaged row has. */
const LARGEST = Number.MAX_SAFE_INTEGER;

/** The statements of one class. */
export function createMessageStatements(database: DatabaseSync, kind: CarriedClass) {
  const table = TABLE_OF[kind];
  return {
    insert: database.prepare(
      `INSERT INTO ${table} (seq, id, destination, payload, created, added, sum)
       VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING`,
    ),
    find: database.prepare(`SELECT seq FROM ${table} WHERE id = ?`),
    select: database.prepare(
      `SELECT seq, id, destination, payload, min(created, ${LARGEST}) AS created,
         min(added, ${LARGEST}) AS added, sum FROM ${table}
       WHERE added > ? ORDER BY seq LIMIT ?`,
    ),
    bury: database.prepare(
      `INSERT OR REPLACE INTO dead_message
         (seq, class, id, destination, payload, created, refused, reason)
       SELECT seq, '${kind}', id, destination, payload, created, ?, ? FROM ${table} WHERE seq = ?`,
    ),
  };
}

/** The highest `seq` in use, so that the next process numbers on. */
export function lastMessageSeq(database: DatabaseSync): number {
  const tables = [...CARRIED_CLASSES.map((kind) => TABLE_OF[kind]), 'dead_message'];
  const highest = tables.map((table) => `SELECT max(seq) AS seq FROM ${table}`).join(' UNION ALL ');
  return (
    database.prepare(`SELECT coalesce(max(seq), 0) AS n FROM (${highest})`).get() as { n: number }
  ).n;
}
