// What a gateway tells about itself on `…/metrics`, `…/health` and `…/alert`.
// Counters run since the start of the process, so a reader may miss messages.
import * as z from 'zod';

const count = z.int().min(0);

export const gatewayMetricsSchema = z.strictObject({
  /** Wall clock of the gateway, milliseconds since the epoch. */
  t: z.number(),
  /** Samples taken into windows. */
  samples: count,
  /** Messages, or samples in them, that could not be used. */
  invalidMessages: count,
  /** Messages a broker sent again that had been taken before. */
  duplicates: count,
  /** Rows read from the journal again after a restart, and not counted otherwise. */
  replayedRows: count,
  /** Feature rows built: the sum of `byStage` and `escalated`. */
  rows: count,
  /** Rows the gateway answered for good, by stage; index 0 is stage 1. */
  byStage: z.array(count),
  /** Rows handed to the edge. */
  escalated: count,
  /** Answers of the edge that the broker has acknowledged. */
  edgeAnswers: count,
  /** Own answers published in place of the edge's. */
  degraded: count,
  /** Rows on disk that wait for the edge's answer or for the broker's acknowledgement of it. */
  pending: count,
  /** Rows given up because the outbox was full. */
  evicted: count,
  /** Rows the edge refused for good. */
  deadLettered: count,
  /** Predictions given up because the broker was away for too long. */
  dropped: count,
  /** Body bytes of requests to the edge and of its responses. */
  bytesUp: count,
  bytesDown: count,
  requests: count,
  /** Requests without a usable answer: network, timeout, or a status other than 2xx. */
  requestFailures: count,
});

export const gatewayHealthSchema = z.strictObject({
  status: z.enum(['online', 'offline']),
  models: z.array(
    z.strictObject({
      model: z.string(),
      /** SHA-256 of the bundle. */
      bundle: z.string(),
      /** Stages the gateway runs itself. */
      stages: z.int().min(1),
    }),
  ),
  /** Start of the gateway, milliseconds since the epoch. */
  since: z.number(),
});

export const gatewayAlertSchema = z.strictObject({
  t: z.number(),
  /** Stable reason. */
  code: z.enum([
    'outbox-full',
    'outbox-damaged',
    'row-dead-lettered',
    'edge-unauthorised',
    'edge-budget-spent',
    'predictions-dropped',
    'journal-unwritable',
    'journal-damaged',
    'bundle-failed',
    'sensor-stuck',
    'sensor-silent',
    'samples-late',
    'samples-duplicated',
    'unit-refused',
    'clock-jumped',
    'clock-skewed',
  ]),
  message: z.string(),
  /** Cases since the alert of the same code before this one. */
  count,
});

export type GatewayMetrics = z.infer<typeof gatewayMetricsSchema>;
export type GatewayHealth = z.infer<typeof gatewayHealthSchema>;
export type GatewayAlert = z.infer<typeof gatewayAlertSchema>;
