-- Signed releases with their rollouts, the devices that try them, and how a device gets its key.

-- Public halves of the keys that sign releases.
CREATE TABLE signing_keys (
  id         TEXT NOT NULL PRIMARY KEY CHECK (length(id) = 64),
  name       TEXT NOT NULL,
  public_key TEXT NOT NULL,
  created    TEXT NOT NULL,
  revoked    TEXT
) STRICT;

-- SHA-256 of the file's header, which a signed release names too; and when the file was let go.
ALTER TABLE bundles ADD COLUMN header TEXT;
ALTER TABLE bundles ADD COLUMN collected TEXT;

-- The signed envelope as it came; NULL in releases from before there were signatures.
ALTER TABLE releases ADD COLUMN envelope TEXT;

-- How far a release has come. The newest release of a channel says what is served: `bundle` where it
-- is promoted, `fallback` where it is rolled back, either by device while it is a canary.
CREATE TABLE rollouts (
  model    TEXT    NOT NULL,
  channel  TEXT    NOT NULL,
  release  INTEGER NOT NULL,
  fallback TEXT,
  state    TEXT    NOT NULL CHECK (state IN ('canary', 'promoted', 'rolled-back', 'superseded')),
  percent  INTEGER NOT NULL CHECK (percent BETWEEN 1 AND 100),
  -- JSON: what ends the canary.
  criteria TEXT,
  deadline TEXT,
  ended    TEXT,
  reason   TEXT    NOT NULL,
  PRIMARY KEY (model, channel, release),
  FOREIGN KEY (model, channel, release) REFERENCES releases (model, channel, release),
  FOREIGN KEY (model, fallback) REFERENCES bundles (model, sha256),
  CHECK (state = 'promoted' OR fallback IS NOT NULL),
  CHECK (state <> 'canary' OR (deadline IS NOT NULL AND criteria IS NOT NULL))
) STRICT, WITHOUT ROWID;

CREATE INDEX rollouts_in_progress ON rollouts (deadline) WHERE state = 'canary';

INSERT INTO rollouts (model, channel, release, state, percent, ended, reason)
SELECT model, channel, release, 'promoted', 100, created, 'published' FROM releases;

-- SQLite takes the other columns from the row of the MAX.
CREATE VIEW current_releases AS
SELECT r.model, r.channel, MAX(r.release) AS release, r.bundle, r.created, r.envelope,
       o.fallback, o.state, o.percent, o.criteria, o.deadline, o.ended, o.reason
FROM releases r JOIN rollouts o USING (model, channel, release)
GROUP BY r.model, r.channel;

-- A gateway, by the name it was enrolled under.
CREATE TABLE devices (
  id        TEXT NOT NULL PRIMARY KEY,
  enrolled  TEXT NOT NULL,
  software  TEXT,
  last_seen TEXT,
  removed   TEXT
) STRICT;

-- What a device runs, by its newest heartbeat. Counts begin with the release.
CREATE TABLE device_models (
  device    TEXT    NOT NULL REFERENCES devices (id),
  model     TEXT    NOT NULL,
  channel   TEXT    NOT NULL,
  release   INTEGER NOT NULL,
  bundle    TEXT    NOT NULL,
  state     TEXT    NOT NULL CHECK (state IN ('running', 'failed')),
  reason    TEXT    NOT NULL,
  rows      INTEGER NOT NULL CHECK (rows >= 0),
  errors    INTEGER NOT NULL CHECK (errors >= 0),
  last_seen TEXT    NOT NULL,
  PRIMARY KEY (device, model, channel)
) STRICT, WITHOUT ROWID;

CREATE INDEX device_models_by_channel ON device_models (model, channel);

ALTER TABLE keys ADD COLUMN device TEXT;
-- A key that was replaced works until then.
ALTER TABLE keys ADD COLUMN expires TEXT;

-- One-time codes. Only the SHA-256 is kept: 100 random bits need no slow hash.
CREATE TABLE enrolments (
  id      TEXT NOT NULL PRIMARY KEY,
  device  TEXT NOT NULL,
  sha256  TEXT NOT NULL UNIQUE,
  created TEXT NOT NULL,
  expires TEXT NOT NULL,
  used    TEXT,
  -- The key that the code was changed into.
  key_id  TEXT
) STRICT;
