-- What was answered, whether promises are kept, and whether features drift. The meter of a model (a
-- Durable Object) is the only writer of its rows and writes whole values, so that a write that is
-- repeated after a crash changes nothing.

-- Sums by hour, by day and for all time (`start` 0), per bundle, policy and source of requests.
CREATE TABLE metric_spans (
  span           TEXT    NOT NULL CHECK (span IN ('hour', 'day', 'total')),
  -- Milliseconds since 1970.
  start          INTEGER NOT NULL,
  model          TEXT    NOT NULL,
  bundle         TEXT    NOT NULL,
  policy         TEXT    NOT NULL,
  source         TEXT    NOT NULL,
  requests       INTEGER NOT NULL,
  nodes          INTEGER NOT NULL,
  macs           REAL    NOT NULL,
  full_macs      REAL    NOT NULL,
  degraded       INTEGER NOT NULL,
  audits         INTEGER NOT NULL,
  disagreements  INTEGER NOT NULL,
  confidence_sum REAL    NOT NULL,
  -- JSON arrays of whole numbers.
  stages         TEXT    NOT NULL,
  stopped        TEXT    NOT NULL,
  confidence     TEXT    NOT NULL,
  updated        TEXT    NOT NULL,
  PRIMARY KEY (span, start, model, bundle, policy, source)
) STRICT, WITHOUT ROWID;

-- The sequential test of a policy's certificate. The first alarm stays.
CREATE TABLE monitors (
  model         TEXT    NOT NULL,
  bundle        TEXT    NOT NULL,
  policy        TEXT    NOT NULL,
  alpha         REAL    NOT NULL,
  delta         REAL    NOT NULL,
  audits        INTEGER NOT NULL,
  disagreements INTEGER NOT NULL,
  -- An e-value; the promise is doubted from 1 / delta on.
  evidence      REAL    NOT NULL,
  alarmed       TEXT,
  updated       TEXT    NOT NULL,
  PRIMARY KEY (model, bundle, policy)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER monitors_keep_alarm BEFORE UPDATE ON monitors
WHEN OLD.alarmed IS NOT NULL AND NEW.alarmed IS NOT OLD.alarmed
BEGIN
  SELECT RAISE(ABORT, 'the first alarm of a monitor is kept');
END;

CREATE TRIGGER monitors_keep_delete BEFORE DELETE ON monitors
BEGIN
  SELECT RAISE(ABORT, 'monitors are kept');
END;

-- Distance of a day's rows from those the bundle was trained on.
CREATE TABLE drift_days (
  model          TEXT    NOT NULL,
  bundle         TEXT    NOT NULL,
  -- Milliseconds since 1970.
  day            INTEGER NOT NULL,
  rows           INTEGER NOT NULL,
  reference_rows INTEGER NOT NULL,
  features       INTEGER NOT NULL,
  drifted        INTEGER NOT NULL,
  -- JSON: the features furthest away, with their names.
  shifts         TEXT    NOT NULL,
  updated        TEXT    NOT NULL,
  PRIMARY KEY (model, bundle, day)
) STRICT, WITHOUT ROWID;

-- Who asked, since when it was first seen.
CREATE TABLE caller_counts (
  model       TEXT    NOT NULL,
  key_id      TEXT    NOT NULL,
  -- Empty where the key is no device's.
  device      TEXT    NOT NULL,
  bundle      TEXT    NOT NULL,
  requests    INTEGER NOT NULL,
  nodes       INTEGER NOT NULL,
  escalations INTEGER NOT NULL,
  degraded    INTEGER NOT NULL,
  last_seen   TEXT    NOT NULL,
  PRIMARY KEY (model, key_id, device)
) STRICT, WITHOUT ROWID;
