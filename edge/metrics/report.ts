// The figures of a range of time, as a dashboard draws them.
import { STOP_REASONS } from '@dandan/shared/cascade';
import { InputError } from '@dandan/shared/error';
import type * as z from 'zod';
import { DAY_MS, HOUR_MS, periodStart } from '../meter/periods.ts';
import { readDrift, readMonitors } from '../monitor/read-monitors.ts';
import type { MetricsReport, metricsQuery } from './schemas.ts';
import { type PointsQuery, readPoints, type StoredPoint } from './stored-series.ts';

/** Steps of one answer: more points than a chart has pixels. */
export const MAX_STEPS = 1000;

/** Points of one answer, over all series. */
export const MAX_POINTS = 5000;

const STEP_MS = { hour: HOUR_MS, day: DAY_MS };
const DEFAULT_STEPS = { hour: 48, day: 30 };

/** @throws {InputError} `option-invalid` for a range that is empty or too long. */
function rangeOf(query: z.output<typeof metricsQuery>, now: number): PointsQuery {
  const { step = 'hour', model, bundle } = query;
  const length = STEP_MS[step];
  const to = query.to === undefined ? now : Date.parse(query.to);
  const from =
    query.from === undefined ? to - DEFAULT_STEPS[step] * length : Date.parse(query.from);
  const steps = (to - from) / length;
  if (steps > 0 && steps <= MAX_STEPS) {
    return { step, from: periodStart(from, length), to, model, bundle };
  }
  throw new InputError('option-invalid', `The range holds ${Math.ceil(steps)} steps`, {
    field: 'from',
    value: query.from,
    allowed: `before \`to\`, by at most ${MAX_STEPS} steps`,
  });
}

const iso = (time: number) => new Date(time).toISOString();

function pointOf({ start, tally }: StoredPoint): MetricsReport['series'][number]['points'][number] {
  const { nodes, macs, fullMacs, stages, stopped, confidenceSum, ...rest } = tally;
  const reasons = STOP_REASONS.map((reason, i) => [reason, stopped[i] ?? 0] as const);
  return {
    ...rest,
    start: iso(start),
    nodes,
    exits: stages,
    stopped: Object.fromEntries(reasons) as Record<(typeof STOP_REASONS)[number], number>,
    macs,
    fullMacs,
    saved: fullMacs === 0 ? null : 1 - macs / fullMacs,
    meanConfidence: nodes === 0 ? null : confidenceSum / nodes,
  };
}

const seriesName = ({ model, bundle, policy, source }: StoredPoint) =>
  `${model} ${bundle} ${policy} ${source}`;

/** @throws {InputError} `option-invalid`. */
export async function readReport(
  database: D1Database,
  query: z.output<typeof metricsQuery>,
  now: number,
): Promise<MetricsReport> {
  const range = rangeOf(query, now);
  const [points, monitors, drift] = await Promise.all([
    readPoints(database, range, MAX_POINTS + 1),
    readMonitors(database, range),
    readDrift(database, { ...range, from: periodStart(range.from, DAY_MS) }),
  ]);
  const series = Map.groupBy(points.slice(0, MAX_POINTS), seriesName);
  return {
    step: range.step,
    from: iso(range.from),
    to: iso(range.to),
    truncated: points.length > MAX_POINTS,
    series: Array.from(series.values(), (own) => {
      const [{ model, bundle, policy, source }] = own;
      const tier = source === 'gateway' ? ('gateway' as const) : ('edge' as const);
      return { model, bundle, policy, source, tier, points: own.map(pointOf) };
    }),
    monitors: monitors.map((monitor) => ({ ...monitor, kept: monitor.alarmed === null })),
    drift: drift.map(({ day, shifts, ...rest }) => ({
      ...rest,
      day: iso(day),
      shifts: [...shifts],
    })),
  };
}
