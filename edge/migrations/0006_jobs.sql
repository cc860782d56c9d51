-- Nightly jobs: what was asked, the input files as they were found, the chunks they were cut into,
-- and the schedules that make jobs. A job's serial phases (planning, assembling) advance by a
-- conditional update of `step`, its chunks by one of `state`: whatever is delivered twice changes nothing.

CREATE TABLE jobs (
  id        TEXT    NOT NULL PRIMARY KEY,
  -- The request as it was checked: what an idempotency key is compared with.
  request   TEXT    NOT NULL,
  model     TEXT    NOT NULL,
  bundle    TEXT    NOT NULL,
  policy    TEXT    NOT NULL,
  max_stage INTEGER,
  input     TEXT    NOT NULL,
  format    TEXT,
  results   TEXT    NOT NULL,
  profile   TEXT    NOT NULL,
  state     TEXT    NOT NULL CHECK (state IN ('planning', 'running', 'assembling', 'finished',
                                              'finished-with-failures', 'failed', 'cancelled')),
  planned   INTEGER NOT NULL DEFAULT 0 CHECK (planned IN (0, 1)),
  step      INTEGER NOT NULL DEFAULT 0,
  -- Where planning or assembling goes on (JSON).
  cursor    TEXT    NOT NULL,
  error     TEXT,
  summary   TEXT,
  created   TEXT    NOT NULL,
  ended     TEXT,
  -- Milliseconds since the epoch after which silence means that a message was lost.
  due       INTEGER NOT NULL,
  sweeps    INTEGER NOT NULL DEFAULT 0,
  files       INTEGER NOT NULL DEFAULT 0,
  chunks      INTEGER NOT NULL DEFAULT 0,
  chunks_done INTEGER NOT NULL DEFAULT 0,
  chunks_dead INTEGER NOT NULL DEFAULT 0,
  rows        INTEGER NOT NULL DEFAULT 0,
  rows_done   INTEGER NOT NULL DEFAULT 0,
  -- Operations as they were made, retries included, for the price.
  invocations      INTEGER NOT NULL DEFAULT 0,
  queue_operations INTEGER NOT NULL DEFAULT 0,
  class_a          INTEGER NOT NULL DEFAULT 0,
  class_b          INTEGER NOT NULL DEFAULT 0,
  rows_written     INTEGER NOT NULL DEFAULT 0,
  cpu_micros       REAL    NOT NULL DEFAULT 0
) STRICT;

CREATE INDEX jobs_by_age ON jobs (created DESC, id);

-- The sweep looks for active jobs only.
CREATE INDEX jobs_due ON jobs (due) WHERE state IN ('planning', 'running', 'assembling');

-- One row per input object. The etag holds a job to the bytes that it was planned on.
CREATE TABLE job_files (
  job    TEXT    NOT NULL REFERENCES jobs (id),
  file   INTEGER NOT NULL,
  name   TEXT    NOT NULL,
  etag   TEXT    NOT NULL,
  bytes  INTEGER NOT NULL,
  format TEXT    NOT NULL,
  -- What the planner found at its head (JSON); NULL until then.
  layout TEXT,
  PRIMARY KEY (job, file)
) STRICT, WITHOUT ROWID;

CREATE TABLE job_chunks (
  job       TEXT    NOT NULL REFERENCES jobs (id),
  chunk     INTEGER NOT NULL,
  file      INTEGER NOT NULL,
  -- Index of its first row in the job.
  first_row INTEGER NOT NULL,
  rows      INTEGER NOT NULL,
  -- Where its first row is in the file: a line of text formats, else a row.
  place     INTEGER NOT NULL,
  begin     INTEGER NOT NULL,
  bytes     INTEGER NOT NULL,
  state     TEXT    NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'done', 'dead')),
  attempts  INTEGER NOT NULL DEFAULT 0,
  error     TEXT,
  -- Of its slice: the CSV comes first, then the row group, whose columns have these sizes (JSON).
  csv_bytes     INTEGER NOT NULL DEFAULT 0,
  parquet_bytes INTEGER NOT NULL DEFAULT 0,
  columns       TEXT,
  summary       TEXT,
  PRIMARY KEY (job, chunk)
) STRICT, WITHOUT ROWID;

-- The Parquet footer, encoded some row groups at a time.
CREATE TABLE job_footers (
  job   TEXT    NOT NULL REFERENCES jobs (id),
  piece INTEGER NOT NULL,
  row_groups INTEGER NOT NULL,
  bytes BLOB    NOT NULL,
  PRIMARY KEY (job, piece)
) STRICT, WITHOUT ROWID;

CREATE TABLE job_schedules (
  name    TEXT    NOT NULL PRIMARY KEY,
  -- Hour of the day, UTC.
  hour    INTEGER NOT NULL CHECK (hour BETWEEN 0 AND 23),
  request TEXT    NOT NULL,
  created TEXT    NOT NULL,
  -- Date (YYYY-MM-DD) of the last job it made, and why the last attempt made none.
  last    TEXT,
  error   TEXT
) STRICT;
