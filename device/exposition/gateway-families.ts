// The gateway's counters as families: those of the metrics topic, and any part's own snapshot.
import type { GatewayMetrics } from '@dandan/shared/wire';
import type { Family, HistogramSeries, Labels } from './family.ts';

const PREFIX = 'dandan_gateway';

/** `bytesUp` → `bytes_up`. */
function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** What a field of a snapshot is, in one sentence; gauges go up and down. */
export interface FieldHelp {
  readonly help: string;
  /** @default {'counter'} */
  readonly kind?: 'counter' | 'gauge';
}

/**
 * A part's snapshot of counters as families `dandan_gateway_{part}_{field}`. Fields without help are
 * left out: what nobody can explain is of no use to who is called at night.
 */
export function snapshotFamilies<Field extends string>(options: {
  /** In snake case; '' for the gateway itself. */
  readonly part: string;
  readonly help: Readonly<Record<Field, FieldHelp>>;
  readonly snapshots: readonly {
    readonly labels?: Labels;
    readonly values: Readonly<Record<NoInfer<Field>, number>>;
  }[];
}): Family[] {
  const { part, help, snapshots } = options;
  const prefix = part === '' ? PREFIX : `${PREFIX}_${part}`;
  return (Object.entries(help) as [Field, FieldHelp][]).map(([field, { help: text, kind }]) => ({
    name: `${prefix}_${snakeCase(field)}`,
    help: text,
    kind: kind ?? 'counter',
    series: snapshots.map(({ labels = {}, values }) => ({ labels, value: values[field] })),
  }));
}

type Counter = Exclude<keyof GatewayMetrics, 't' | 'byStage'>;

const COUNTERS: Readonly<Record<Counter, FieldHelp>> = {
  samples: { help: 'Samples taken into windows.' },
  invalidMessages: { help: 'Messages refused as a whole.' },
  duplicates: { help: 'Messages a broker sent again that had been taken before.' },
  replayedRows: { help: 'Rows read from the journal again after a restart.' },
  rows: { help: 'Feature rows built.' },
  escalated: { help: 'Rows handed to the edge.' },
  edgeAnswers: { help: 'Answers of the edge that the broker has acknowledged.' },
  degraded: { help: "Own answers published in place of the edge's." },
  pending: { help: 'Rows on disk that wait for the edge or the broker.', kind: 'gauge' },
  evicted: { help: 'Rows given up because the outbox was full.' },
  deadLettered: { help: 'Rows the edge refused for good.' },
  dropped: { help: 'Predictions given up because the broker was away for too long.' },
  bytesUp: { help: 'Body bytes of requests to the edge.' },
  bytesDown: { help: 'Body bytes of responses of the edge.' },
  requests: { help: 'Requests to the edge.' },
  requestFailures: { help: 'Requests to the edge without a usable answer.' },
};

export interface GatewayFamiliesOptions {
  readonly metrics: GatewayMetrics;
  readonly version: string;
  /** Start of the process, milliseconds since the epoch. */
  readonly since: number;
  readonly brokerConnected: boolean;
  /** From the sample that completes a row to the broker's acknowledgement of the answer. */
  readonly latency?: HistogramSeries;
  /** Families of other parts, as {@linkcode snapshotFamilies} makes them. @default {[]} */
  readonly others?: readonly Family[];
}

/** All families of one gateway; Prometheus itself adds which one it asked. */
export function gatewayFamilies(options: GatewayFamiliesOptions): Family[] {
  const { metrics, version, since, brokerConnected, latency, others = [] } = options;
  const gauge = (name: string, help: string, value: number, labels: Labels = {}): Family => ({
    name,
    help,
    kind: 'gauge',
    series: [{ labels, value }],
  });
  return [
    gauge(`${PREFIX}_build_info`, 'Constant 1; the version is a label.', 1, { version }),
    gauge(`${PREFIX}_start_time_seconds`, 'Start of the process since the epoch.', since / 1000),
    gauge(`${PREFIX}_broker_connected`, '1 while the broker is there.', brokerConnected ? 1 : 0),
    gauge(
      `${PREFIX}_resident_memory_bytes`,
      'Resident memory of the process.',
      process.memoryUsage.rss(),
    ),
    ...snapshotFamilies({ part: '', help: COUNTERS, snapshots: [{ values: metrics }] }),
    {
      name: `${PREFIX}_answers`,
      help: 'Rows the gateway answered for good, by stage.',
      kind: 'counter',
      series: metrics.byStage.map((value, i) => ({ labels: { stage: `${i + 1}` }, value })),
    },
    {
      name: `${PREFIX}_answer_seconds`,
      help: 'From the sample that completes a row to the acknowledgement of its answer.',
      kind: 'histogram',
      series: latency === undefined ? [] : [latency],
    },
    ...others,
  ];
}
