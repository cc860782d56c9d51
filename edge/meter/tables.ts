// The tables that a meter keeps in its own storage, until D1 has what they say.

// `changes` counts the changes of a row that D1 has not been told of.
const TABLES = `
CREATE TABLE IF NOT EXISTS isolates (
  id       TEXT    NOT NULL PRIMARY KEY,
  sequence INTEGER NOT NULL,
  seen     INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS spans (
  span    TEXT    NOT NULL,
  start   INTEGER NOT NULL,
  bundle  TEXT    NOT NULL,
  policy  TEXT    NOT NULL,
  source  TEXT    NOT NULL,
  tally   TEXT    NOT NULL,
  changes INTEGER NOT NULL,
  PRIMARY KEY (span, start, bundle, policy, source)
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS askers (
  key         TEXT    NOT NULL,
  device      TEXT    NOT NULL,
  bundle      TEXT    NOT NULL,
  requests    INTEGER NOT NULL,
  nodes       INTEGER NOT NULL,
  escalations INTEGER NOT NULL,
  degraded    INTEGER NOT NULL,
  seen        INTEGER NOT NULL,
  changes     INTEGER NOT NULL,
  PRIMARY KEY (key, device)
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS monitors (
  bundle  TEXT    NOT NULL,
  policy  TEXT    NOT NULL,
  monitor TEXT    NOT NULL,
  alarmed TEXT,
  updated TEXT    NOT NULL,
  changes INTEGER NOT NULL,
  PRIMARY KEY (bundle, policy)
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS reports (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  id     TEXT    NOT NULL UNIQUE,
  seen   INTEGER NOT NULL
) STRICT;

CREATE TABLE IF NOT EXISTS gateways (
  key      TEXT    NOT NULL,
  device   TEXT    NOT NULL,
  bundle   TEXT    NOT NULL,
  policy   TEXT    NOT NULL,
  since    INTEGER NOT NULL,
  by_stage TEXT    NOT NULL,
  degraded INTEGER NOT NULL,
  seen     INTEGER NOT NULL,
  PRIMARY KEY (key, device, bundle, policy)
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS drift (
  bundle  TEXT    NOT NULL,
  day     INTEGER NOT NULL,
  rows    INTEGER NOT NULL,
  counts  BLOB    NOT NULL,
  changes INTEGER NOT NULL,
  PRIMARY KEY (bundle, day)
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS candidates (
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  at         TEXT    NOT NULL,
  bundle     TEXT    NOT NULL,
  policy     TEXT    NOT NULL,
  key        TEXT    NOT NULL,
  device     TEXT    NOT NULL,
  reason     TEXT    NOT NULL,
  class      INTEGER NOT NULL,
  label      TEXT    NOT NULL,
  confidence REAL    NOT NULL,
  full_label TEXT,
  row        BLOB    NOT NULL
) STRICT;

CREATE TABLE IF NOT EXISTS notes (
  name  TEXT NOT NULL PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
`;

/** Makes what is not there yet. */
export function createTables(sql: SqlStorage): void {
  sql.exec(TABLES);
}

/** A remembered text, e.g. the name of the model. */
export function readNote(sql: SqlStorage, name: string): string | undefined {
  return sql.exec<{ value: string }>('SELECT value FROM notes WHERE name = ?', name).toArray()[0]
    ?.value;
}

export function writeNote(sql: SqlStorage, name: string, value: string): void {
  sql.exec('INSERT OR REPLACE INTO notes (name, value) VALUES (?, ?)', name, value);
}
