// Samples as telemetry messages of a gateway: one an asset and time, or one a sample.
import { createTopics } from '@dandan/shared/wire';
import type { SentSample, TimedMessage } from './faults/fault.ts';

export const SHAPES = ['asset', 'channel', 'number'] as const;

/**
 * `asset`: `{t, values}` on telemetry/{asset}. `channel`: `{t, v}` on telemetry/{asset}/{channel}.
 * `number`: a bare number there, which gets its time where it arrives.
 */
export type Shape = (typeof SHAPES)[number];

export interface EncoderOptions {
  readonly site: string;
  readonly gateway: string;
  /** @default {'asset'} */
  readonly shape?: Shape;
}

export interface Encoder {
  /** When the samples that wait for others of their message leave, if any wait. */
  readonly earliest: number | undefined;
  /** @returns the messages that are complete. */
  add(sample: SentSample): TimedMessage[];
  end(): TimedMessage[];
}

const encoder = new TextEncoder();

/** @throws {InputError} `topic-invalid` for a name that cannot be part of a topic. */
export function createEncoder({ site, gateway, shape = 'asset' }: EncoderOptions): Encoder {
  const topics = createTopics({ site, gateway });
  let waiting: SentSample[] = [];

  function single(sample: SentSample): TimedMessage {
    const { asset, channel, time, value, sentAt } = sample;
    const text = shape === 'number' ? String(value) : JSON.stringify({ t: time, v: value });
    const topic = topics.telemetry(asset, channel);
    return {
      sentAt,
      topic,
      payload: encoder.encode(text),
      retain: false,
      asset,
      time,
      samples: 1,
    };
  }

  function group(): TimedMessage[] {
    if (waiting.length === 0) return [];
    const [{ asset, time, sentAt }] = waiting;
    // A null prototype keeps a channel named __proto__ a channel.
    const values: Record<string, number> = Object.create(null);
    for (const { channel, value } of waiting) values[channel] = value;
    const payload = encoder.encode(JSON.stringify({ t: time, values }));
    const samples = waiting.length;
    waiting = [];
    return [
      { sentAt, topic: topics.telemetry(asset), payload, retain: false, asset, time, samples },
    ];
  }

  return {
    get earliest() {
      return waiting[0]?.sentAt;
    },
    add(sample) {
      if (shape !== 'asset') return [single(sample)];
      const [first] = waiting;
      const same =
        first !== undefined &&
        first.asset === sample.asset &&
        first.time === sample.time &&
        first.sentAt === sample.sentAt &&
        // A second value of one channel needs a message of its own.
        !waiting.some(({ channel }) => channel === sample.channel);
      const complete = same ? [] : group();
      waiting.push(sample);
      return complete;
    },
    end: group,
  };
}
