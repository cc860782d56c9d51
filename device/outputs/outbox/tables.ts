// Tables of the outbox file and the steps from older files.
import { CARRIED_CLASSES, type CarriedClass, type MessageClass } from './message.ts';

/** Raised when an older program could misread the file. */
export const OUTBOX_SCHEMA = 2;

/** Table of each class: rows of one class lie side by side, so that evicting them frees whole pages. */
export const TABLE_OF: Readonly<Record<MessageClass, string>> = {
  escalation: 'waiting',
  prediction: 'prediction',
  audit: 'audit',
  telemetry: 'telemetry',
};

/**
 * `seq` orders rows by age and is never reused. `announced`: the gateway's own answer
 * was published in place of the edge's.
 */
const VERSION_1 = `
CREATE TABLE waiting (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  bundle TEXT NOT NULL,
  model TEXT NOT NULL,
  codes BLOB NOT NULL,
  prediction TEXT NOT NULL,
  announced INTEGER NOT NULL,
  created INTEGER NOT NULL
) STRICT;
CREATE INDEX waiting_by_announced ON waiting (announced, seq);
CREATE TABLE dead_letter (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL,
  bundle TEXT NOT NULL,
  model TEXT NOT NULL,
  codes BLOB NOT NULL,
  prediction TEXT NOT NULL,
  created INTEGER NOT NULL,
  refused INTEGER NOT NULL,
  reason TEXT NOT NULL
) STRICT;
`;

/** `added`: the outbox's own time. `sum`: CRC-32 of destination and payload. */
const carried = (kind: CarriedClass) => `
CREATE TABLE ${TABLE_OF[kind]} (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  destination TEXT NOT NULL,
  payload BLOB NOT NULL,
  created INTEGER NOT NULL,
  added INTEGER NOT NULL,
  sum INTEGER NOT NULL
) STRICT;
`;

/**
 * Rows that waited before have no `sum` and age from the migration on. `answered`: escalations
 * whose end was reached, for as long as a journal might bring them again.
 */
const VERSION_2 = `
ALTER TABLE waiting ADD COLUMN added INTEGER NOT NULL DEFAULT 0;
ALTER TABLE waiting ADD COLUMN sum INTEGER;
CREATE INDEX waiting_by_bundle ON waiting (bundle, announced, seq);
${CARRIED_CLASSES.map(carried).join('')}
CREATE TABLE dead_message (
  seq INTEGER PRIMARY KEY,
  class TEXT NOT NULL,
  id TEXT NOT NULL,
  destination TEXT NOT NULL,
  payload BLOB NOT NULL,
  created INTEGER NOT NULL,
  refused INTEGER NOT NULL,
  reason TEXT NOT NULL
) STRICT;
CREATE TABLE answered (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL,
  at INTEGER NOT NULL
) STRICT;
CREATE TABLE clock (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  ms INTEGER NOT NULL,
  wall INTEGER NOT NULL,
  monotonic INTEGER NOT NULL,
  boot TEXT NOT NULL
) STRICT;
`;

/** Tables by what is read first from a damaged file. */
export const TABLES = [
  ...Object.values(TABLE_OF),
  'answered',
  'clock',
  'dead_letter',
  'dead_message',
];

/** Statements that bring a file of `version` (0: an empty one) to {@linkcode OUTBOX_SCHEMA}. */
export function migrationFrom(version: number): string {
  const steps = [VERSION_1, VERSION_2].slice(version).join('');
  return `${steps} PRAGMA user_version = ${OUTBOX_SCHEMA};`;
}
