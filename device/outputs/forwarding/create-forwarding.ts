// Predictions to the home broker: live ones at once, those that could not be delivered from the disk,
// at a pace that live ones do not feel.
import type { Prediction } from '@dandan/shared/wire';
import type { GatewayConfig } from '../../config/index.ts';
import { createHistogram, type Histogram } from '../../exposition/index.ts';
import type { Logger } from '../../log/index.ts';
import type { Alert, Metrics } from '../../metrics/index.ts';
import type { Transport } from '../../mqtt/index.ts';
import { createBackoff } from '../../retry/index.ts';
import { createDelivery, type Delivery } from '../delivery/index.ts';
import type { Outgoing } from '../index.ts';
import {
  createBrokerSend,
  createDrain,
  type Drain,
  type Outbox,
  OutboxError,
} from '../outbox/index.ts';

/** The broker is there or away; a refusal has a pause of its own. */
const BACKOFF = { minMs: 250, maxMs: 30_000 };

/**
 * Live messages without an acknowledgement at which kept ones wait: a few round trips' worth on a
 * line that is never quiet, where waiting for silence would be waiting for ever.
 */
const BUSY_MESSAGES = 64;

export interface ForwardingOptions {
  readonly config: Pick<GatewayConfig['outbox'], 'resend'>;
  readonly outgoing: Outgoing;
  readonly outbox: Outbox;
  readonly home: Transport;
  readonly onDelivered: (id: string) => void;
  readonly metrics: Metrics;
  readonly alert: Alert;
  readonly log: Logger;
}

export interface Forwarding {
  readonly delivery: Delivery;
  readonly drain: Drain;
  /** Seconds from the arrival of what completed a row to its acknowledgement. */
  readonly latency: Histogram;
  /** The broker is back. */
  wake(): void;
  /** Sends what waits on the disk from now on. */
  start(): void;
  /** Ends with the message in flight, then tries once more what it can until the signal. */
  stop(signal: AbortSignal): Promise<void>;
}

export function createForwarding(options: ForwardingOptions): Forwarding {
  const { config, outgoing, outbox, home, onDelivered, metrics, alert, log } = options;
  const latency = createHistogram();
  const stopping = new AbortController();
  let running: Promise<void> | undefined;

  function keep(predictions: readonly Prediction[]): void {
    const { refused } = outbox.put(
      predictions.map((prediction) => ({
        class: 'prediction' as const,
        id: prediction.id,
        destination: outgoing.destination(prediction),
        payload: Buffer.from(JSON.stringify(prediction)),
      })),
    );
    if (refused.length === 0) return;
    metrics.add('dropped', refused.length);
    alert('predictions-dropped', `No room on the disk: ${refused[0].reason}`, refused.length);
  }

  function forget(ids: readonly string[]): void {
    try {
      outbox.acknowledgeIds('prediction', ids);
    } catch (error) {
      // It is sent once more, which says the same.
      if (!(error instanceof OutboxError)) throw error;
    }
  }

  const delivery = createDelivery({
    send: outgoing.send,
    onDelivered,
    onLatency: (ms) => latency.observe(ms / 1000),
    keep,
    forget,
    onRefused({ message }) {
      metrics.add('dropped');
      alert('predictions-dropped', message);
    },
  });

  const drain = createDrain({
    ...config.resend,
    outbox,
    classes: ['prediction', 'telemetry'],
    send: createBrokerSend({ transport: home }),
    liveBusy: () => home.waiting > BUSY_MESSAGES,
    backoff: createBackoff(BACKOFF),
    log,
  });

  return {
    delivery,
    drain,
    latency,
    wake: drain.wake,
    start() {
      running = drain.run(stopping.signal);
    },
    async stop(signal) {
      stopping.abort(new Error('The gateway stops'));
      await running;
      if (home.state.kind === 'connected') await drain.drainOnce(signal);
    },
  };
}
