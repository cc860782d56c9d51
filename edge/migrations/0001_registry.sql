-- Bundles, the releases that point channels at them, and the keys of callers.

-- One row per uploaded file. The bytes lie in R2 and are written first, so a row
-- always has an object.
CREATE TABLE bundles (
  sha256  TEXT    NOT NULL PRIMARY KEY CHECK (length(sha256) = 64),
  model   TEXT    NOT NULL,
  version TEXT    NOT NULL,
  bytes   INTEGER NOT NULL CHECK (bytes > 0),
  stages  INTEGER NOT NULL CHECK (stages > 0),
  created TEXT    NOT NULL,
  UNIQUE (model, sha256)
) STRICT;

CREATE INDEX bundles_by_age ON bundles (model, created);

-- A channel is the newest of its releases. Rows are only ever added: a pointer that
-- a gateway has seen must stay checkable, and a rollback is a new release.
CREATE TABLE releases (
  model   TEXT    NOT NULL,
  channel TEXT    NOT NULL,
  release INTEGER NOT NULL CHECK (release > 0),
  bundle  TEXT    NOT NULL,
  created TEXT    NOT NULL,
  PRIMARY KEY (model, channel, release),
  FOREIGN KEY (model, bundle) REFERENCES bundles (model, sha256)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER releases_keep_update BEFORE UPDATE ON releases
BEGIN
  SELECT RAISE(ABORT, 'releases are append-only');
END;

CREATE TRIGGER releases_keep_delete BEFORE DELETE ON releases
BEGIN
  SELECT RAISE(ABORT, 'releases are append-only');
END;

-- Only the SHA-256 of a key is kept: 32 random bytes need no slow hash.
CREATE TABLE keys (
  id      TEXT NOT NULL PRIMARY KEY,
  name    TEXT NOT NULL,
  scope   TEXT NOT NULL CHECK (scope IN ('device', 'operator', 'predict')),
  sha256  TEXT NOT NULL UNIQUE,
  created TEXT NOT NULL,
  revoked TEXT
) STRICT;
