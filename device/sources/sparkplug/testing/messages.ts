// Sparkplug messages for tests, written by Eclipse Tahu's encoder.
import { createRequire } from 'node:module';
import type { UMetric, UPayload } from 'sparkplug-payload/lib/sparkplugbpayload.js';
import type { SourceMessage } from '../../source.ts';
import type { SparkplugOptions } from '../create-source.ts';

// A CommonJS package whose names Node does not find by itself.
const { get } = createRequire(import.meta.url)('sparkplug-payload') as {
  get(namespace: string): {
    encodePayload(payload: UPayload): Uint8Array;
    decodePayload(bytes: Uint8Array): UPayload;
  };
};

export const tahu = get('spBv1.0');

export type { UMetric, UPayload };

/** 2026-01-01. */
export const T0 = 1_767_225_600_000;

export const DEFAULTS: SparkplugOptions = {
  group: ['plant'],
  nodes: ['*'],
  devices: ['*'],
  asset: '{device}',
  nodeAsset: '{node}',
  metrics: {},
  listedOnly: false,
  rebirthIntervalMs: 30_000,
  readBeforeBirth: false,
};

/** `type` of `path` (edge node, or edge node and device) in the group `plant`. */
export function message(
  type: string,
  path: string,
  payload: UPayload | Uint8Array,
  options: Partial<Omit<SourceMessage, 'topic' | 'payload'>> = {},
): SourceMessage {
  return {
    topic: `spBv1.0/plant/${type}/${path}`,
    payload: payload instanceof Uint8Array ? payload : tahu.encodePayload(payload),
    receivedAt: T0,
    retained: false,
    ...options,
  };
}

export const bdSeq = (value: number): UMetric => ({ name: 'bdSeq', type: 'UInt64', value });
