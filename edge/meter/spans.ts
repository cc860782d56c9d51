// Sums by hour in the meter. A flush changes one row, that of the hour; days and totals take an hour in
// once it is over and D1 knows it.
import type { SeriesFlush } from '../metrics/flush.ts';
import { addTally, createTally, type Tally } from '../metrics/tally.ts';
import { DAY_MS, HOUR_MS, periodStart } from './periods.ts';

export type Span = 'hour' | 'day' | 'total';

export interface SpanRow extends SeriesFlush {
  readonly span: Span;
  /** Milliseconds since 1970; 0 for all time. */
  readonly start: number;
  readonly changes: number;
}

type StoredRow = Omit<SpanRow, 'tally'> & { readonly tally: string } & Record<
    string,
    SqlStorageValue
  >;

const COLUMNS = 'span, start, bundle, policy, source, tally, changes';

const parsed = ({ tally, ...rest }: StoredRow): SpanRow => ({
  ...rest,
  tally: JSON.parse(tally) as Tally,
});

type Place = Pick<SpanRow, 'span' | 'start' | 'bundle' | 'policy' | 'source'>;

function add(sql: SqlStorage, place: Place, tally: Readonly<Tally>, changes: 0 | 1): void {
  const { span, start, bundle, policy, source } = place;
  const [row] = sql
    .exec<{ tally: string }>(
      `SELECT tally FROM spans
       WHERE span = ? AND start = ? AND bundle = ? AND policy = ? AND source = ?`,
      span,
      start,
      bundle,
      policy,
      source,
    )
    .toArray();
  const sum = addTally(row ? (JSON.parse(row.tally) as Tally) : createTally(), tally);
  sql.exec(
    `INSERT INTO spans (${COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET tally = excluded.tally, changes = changes + excluded.changes`,
    span,
    start,
    bundle,
    policy,
    source,
    JSON.stringify(sum),
    changes,
  );
}

/** Counts a flush in the hour in which it came. */
export function addSeries(sql: SqlStorage, series: readonly SeriesFlush[], now: number): void {
  const start = periodStart(now, HOUR_MS);
  for (const each of series) add(sql, { ...each, span: 'hour', start }, each.tally, 1);
}

function rowsOf(sql: SqlStorage, span: Span): SpanRow[] {
  return sql
    .exec<StoredRow>(`SELECT ${COLUMNS} FROM spans WHERE span = ? ORDER BY start`, span)
    .toArray()
    .map(parsed);
}

const seriesOf = ({ bundle, policy, source }: Place) => `${bundle} ${policy} ${source}`;

/** The sum of `base`, if it is there, and of open hours. */
function total(base: SpanRow | undefined, hours: readonly SpanRow[]): Tally {
  return [...(base ? [base] : []), ...hours].reduce(
    (sum, { tally }) => addTally(sum, tally),
    createTally(),
  );
}

/** Hours that D1 does not know, with the days and totals that they change, as whole values. */
export function changedSpans(sql: SqlStorage): SpanRow[] {
  const hours = rowsOf(sql, 'hour');
  const days = rowsOf(sql, 'day');
  const totals = rowsOf(sql, 'total');
  const changed = hours.filter(({ changes }) => changes > 0);
  const wider = new Map<string, SpanRow>();
  for (const hour of changed) {
    const series = seriesOf(hour);
    const day = periodStart(hour.start, DAY_MS);
    const alike = hours.filter((each) => seriesOf(each) === series);
    const sameDay = alike.filter(({ start }) => periodStart(start, DAY_MS) === day);
    const closedDay = days.find((each) => each.start === day && seriesOf(each) === series);
    const closed = totals.find((each) => seriesOf(each) === series);
    const place = { ...hour, changes: 0 };
    wider.set(`${day} ${series}`, {
      ...place,
      span: 'day',
      start: day,
      tally: total(closedDay, sameDay),
    });
    wider.set(series, { ...place, span: 'total', start: 0, tally: total(closed, alike) });
  }
  return [...changed, ...wider.values()];
}

/** Notes what D1 was told; a row that has changed since stays to be told. */
export function settleSpans(sql: SqlStorage, told: readonly SpanRow[]): void {
  for (const { span, start, bundle, policy, source, changes } of told) {
    if (span !== 'hour') continue;
    sql.exec(
      `UPDATE spans SET changes = changes - ?
       WHERE span = 'hour' AND start = ? AND bundle = ? AND policy = ? AND source = ?`,
      changes,
      start,
      bundle,
      policy,
      source,
    );
  }
}

/** Moves hours that are over and told into their days and totals, and drops days that are over. */
export function closeHours(sql: SqlStorage, now: number): void {
  const hour = periodStart(now, HOUR_MS);
  for (const row of rowsOf(sql, 'hour')) {
    if (row.start >= hour || row.changes > 0) continue;
    add(sql, { ...row, span: 'day', start: periodStart(row.start, DAY_MS) }, row.tally, 0);
    add(sql, { ...row, span: 'total', start: 0 }, row.tally, 0);
    const { start, bundle, policy, source } = row;
    sql.exec(
      `DELETE FROM spans
       WHERE span = 'hour' AND start = ? AND bundle = ? AND policy = ? AND source = ?`,
      start,
      bundle,
      policy,
      source,
    );
  }
  // Two days, so that a clock that goes back a little still finds its day.
  sql.exec(`DELETE FROM spans WHERE span = 'day' AND start < ?`, periodStart(now, DAY_MS) - DAY_MS);
}
