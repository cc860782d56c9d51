// What the bench's plant reports: assets with eight channels, five messages a stride and asset.
import type { TelemetrySpec } from '@dandan/shared/features';

export const CHANNELS = 8;
export const ASSETS = 100;

/** Messages of one asset from row to row. */
const MESSAGES_PER_ROW = 5;

export const SPEC = {
  kind: 'telemetry' as const,
  channels: Array.from({ length: CHANNELS }, (_, i) => ({ name: `channel-${i}`, unit: 'mm/s' })),
  statistics: ['last', 'mean', 'deviation', 'slope', 'minimum', 'maximum'],
  windowMs: 10_000,
  strideMs: 1000,
} satisfies TelemetrySpec;

/** 2026-01-01: a history, as a replay has it. */
const START = 1_767_225_600_000;

export interface BenchMessage {
  readonly topic: string;
  readonly payload: string;
  /** Prediction that it completes, by `asset/time`; `undefined` for most. */
  readonly completes: string | undefined;
}

const round = (value: number) => Math.round(100 * value) / 100;

/** Message `i` of the stream: assets take turns. */
export function messageAt(i: number, prefix: string): BenchMessage {
  const asset = `asset-${i % ASSETS}`;
  const turn = Math.floor(i / ASSETS);
  const t = START + (turn * SPEC.strideMs) / MESSAGES_PER_ROW;
  const values = Object.fromEntries(
    SPEC.channels.map(({ name }, c) => [name, round(10 * Math.sin(turn / (3 + c) + i))]),
  );
  // A row is due at every whole second and complete with the first later sample; the first one
  // waits for a whole window.
  const due = t - SPEC.strideMs / MESSAGES_PER_ROW;
  const isRow = due % SPEC.strideMs === 0 && due >= START + SPEC.windowMs;
  return {
    topic: `${prefix}/telemetry/${asset}`,
    payload: JSON.stringify({ t, values }),
    completes: isRow ? `${asset}/${due}` : undefined,
  };
}
