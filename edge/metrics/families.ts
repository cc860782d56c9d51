// What Prometheus is told. Labels are bounded: models, their bundles of the last days, policies, sources.
import { STOP_REASONS } from '@dandan/shared/cascade';
import { DAY_MS, periodStart } from '../meter/periods.ts';
import {
  type DriftDay,
  readDrift,
  readMonitors,
  type StoredMonitor,
} from '../monitor/read-monitors.ts';
import { type Family, histogramSamples, type Labels, type Sample } from './exposition.ts';
import { readTotals, type StoredPoint } from './stored-series.ts';
import { CONFIDENCE_BINS, type Tally } from './tally.ts';

/** Series without a change for longer are left out; theirs come back with their next request. */
export const RECENT_DAYS = 7;

/** Series of one answer, the latest to have changed: 60 lines each. */
export const MAX_SERIES = 200;

/** Enough of a SHA-256 to name a bundle on a chart. */
const shortHash = (bundle: string) => bundle.slice(0, 12);

const BOUNDS = Array.from({ length: CONFIDENCE_BINS }, (_, i) => (i + 1) / CONFIDENCE_BINS);

const labelsOf = ({ model, bundle, policy, source }: StoredPoint): Labels => ({
  model,
  bundle: shortHash(bundle),
  policy,
  source,
});

const COUNTERS: readonly (readonly [name: string, help: string, of: (tally: Tally) => number])[] = [
  ['dandan_requests_total', 'Answered requests.', ({ requests }) => requests],
  ['dandan_nodes_total', 'Answered rows.', ({ nodes }) => nodes],
  ['dandan_macs_total', 'Multiply-accumulates spent on answers.', ({ macs }) => macs],
  [
    'dandan_full_macs_total',
    'Multiply-accumulates of the same rows through all stages.',
    ({ fullMacs }) => fullMacs,
  ],
  [
    'dandan_degraded_answers_total',
    'Answers that gateways gave because the edge was out of reach.',
    ({ degraded }) => degraded,
  ],
  ['dandan_audits_total', 'Answers compared with the full cascade.', ({ audits }) => audits],
  [
    'dandan_audit_disagreements_total',
    'Audited answers that differed from the full cascade.',
    ({ disagreements }) => disagreements,
  ],
];

function seriesFamilies(points: readonly StoredPoint[]): Family[] {
  const each = (samplesOf: (point: StoredPoint, labels: Labels) => readonly Sample[]) =>
    points.flatMap((point) => samplesOf(point, labelsOf(point)));
  return [
    ...COUNTERS.map(([name, help, of]) => ({
      name,
      type: 'counter' as const,
      help,
      samples: each(({ tally }, labels) => [{ labels, value: of(tally) }]),
    })),
    {
      name: 'dandan_exits_total',
      type: 'counter',
      help: 'Answers by the stage that gave them.',
      samples: each(({ tally }, labels) =>
        tally.stages.map((value, k) => ({ labels: { ...labels, stage: String(k + 1) }, value })),
      ),
    },
    {
      name: 'dandan_stops_total',
      type: 'counter',
      help: 'Answers by why they climbed no further.',
      samples: each(({ tally }, labels) =>
        tally.stopped.map((value, i) => ({
          labels: { ...labels, reason: STOP_REASONS[i] },
          value,
        })),
      ),
    },
    {
      name: 'dandan_confidence',
      type: 'histogram',
      help: 'Confidence of answers, from 0 to 1.',
      samples: each(({ tally }, labels) =>
        histogramSamples(labels, tally.confidence, BOUNDS, tally.confidenceSum),
      ),
    },
  ];
}

function monitorFamilies(monitors: readonly StoredMonitor[]): Family[] {
  const gauge = (name: string, help: string, of: (monitor: StoredMonitor) => number): Family => ({
    name,
    type: 'gauge',
    help,
    samples: monitors.map((monitor) => {
      const { model, bundle, policy } = monitor;
      return { labels: { model, bundle: shortHash(bundle), policy }, value: of(monitor) };
    }),
  });
  return [
    gauge(
      'dandan_promise_evidence',
      'Evidence against the certificate of a policy, an e-value.',
      ({ evidence }) => evidence,
    ),
    gauge(
      'dandan_promise_evidence_limit',
      'Evidence from which on a promise is doubted, 1 / delta.',
      ({ delta }) => 1 / delta,
    ),
    gauge(
      'dandan_promise_alarmed',
      'Whether a promise has ever been doubted, 0 or 1.',
      ({ alarmed }) => Number(alarmed !== null),
    ),
  ];
}

function driftFamilies(days: readonly DriftDay[]): Family[] {
  // Latest first: only the first of a bundle counts.
  const latest = [...Map.groupBy(days, ({ bundle }) => bundle).values()].map(([first]) => first);
  const gauge = (name: string, help: string, of: (day: DriftDay) => number): Family => ({
    name,
    type: 'gauge',
    help,
    samples: latest.map((day) => ({
      labels: { model: day.model, bundle: shortHash(day.bundle) },
      value: of(day),
    })),
  });
  return [
    gauge(
      'dandan_drifted_features',
      'Features that have drifted beyond chance.',
      (day) => day.drifted,
    ),
    gauge(
      'dandan_drift_largest_excess',
      'Largest population stability index of a feature beyond what chance brings.',
      ({ shifts: [first] }) => (first === undefined ? 0 : first.psi - first.expected),
    ),
  ];
}

/** Everything that is told at `now`. */
export async function readFamilies(database: D1Database, now: number): Promise<Family[]> {
  const since = now - RECENT_DAYS * DAY_MS;
  const text = new Date(since).toISOString();
  const [points, monitors, drift] = await Promise.all([
    readTotals(database, text, MAX_SERIES),
    readMonitors(database, {}),
    readDrift(database, { from: periodStart(now, DAY_MS) - DAY_MS, to: now }),
  ]);
  const recent = monitors.filter(({ updated }) => updated >= text).slice(0, MAX_SERIES);
  return [
    ...seriesFamilies(points),
    ...monitorFamilies(recent),
    ...driftFamilies(drift.slice(0, MAX_SERIES)),
  ];
}
