// Predictions of both tiers on their way out: held back by the rules of the configuration, then to
// `…/prediction/{asset}` and to whatever other outputs there are.
import type { Prediction, Topics } from '@dandan/shared/wire';
import type { Transport } from '../mqtt/index.ts';
import type { OutputMessage } from './discovery/index.ts';
import type { PredictionRules } from './prediction/index.ts';
import {
  createPredictionFilter,
  type FilterResult,
  type PredictionFilter,
} from './prediction/index.ts';

/** A late answer is of use for a shift; brokers need not keep it longer for absent readers. */
export const EDGE_ANSWER_EXPIRY_SECONDS = 8 * 60 * 60;

export interface OutgoingOptions {
  readonly topics: Topics;
  readonly home: () => Transport;
  readonly rules: PredictionRules;
  /** Further messages for a prediction that leaves. */
  readonly others: (prediction: Prediction) => readonly OutputMessage[];
  /** What `snapshot` gave. */
  readonly state?: unknown;
}

export interface Outgoing
  extends Pick<PredictionFilter, 'setRules' | 'isHolding' | 'snapshot' | 'counters'> {
  /**
   * Resolves when the prediction needs no delivery any more: the broker has acknowledged it, or the
   * rules hold it back for good.
   *
   * @throws {PublishError}
   */
  send(prediction: Prediction): Promise<void>;
  /** Where a prediction goes, as the outbox keeps it. */
  destination(prediction: Prediction): string;
  /** Lets out what waits until `time` at the latest. */
  advance(time: number): void;
  /** Lets out all that waits: the gateway stops. */
  flush(): void;
}

/** A way out that holds back nothing yet, or what a snapshot says. */
export function createOutgoing(options: OutgoingOptions): Outgoing {
  const { topics, home, rules, others, state } = options;
  const filter = createPredictionFilter({ rules, snapshot: state });
  const waiting = new Map<Prediction, PromiseWithResolvers<void>>();

  const destination = ({ asset }: Prediction) => topics.prediction(asset);

  function settle(prediction: Prediction): PromiseWithResolvers<void> | undefined {
    const own = waiting.get(prediction);
    waiting.delete(prediction);
    return own;
  }

  function publish(prediction: Prediction): void {
    const own = settle(prediction);
    const expiry = prediction.tier === 'edge' ? { expirySeconds: EDGE_ANSWER_EXPIRY_SECONDS } : {};
    home()
      .publish(destination(prediction), JSON.stringify(prediction), expiry)
      .then(own?.resolve, own?.reject ?? (() => {}));
    for (const { topic, payload, retain } of others(prediction)) {
      // They repeat what the prediction says; whoever needs every one of them reads that.
      home()
        .publish(topic, payload, { retain })
        .catch(() => {});
    }
  }

  function handle(result: FilterResult): void {
    for (const prediction of result.suppressed) settle(prediction)?.resolve();
    for (const prediction of result.publish) publish(prediction);
  }

  return {
    send(prediction) {
      const own = Promise.withResolvers<void>();
      waiting.set(prediction, own);
      handle(filter.offer(prediction));
      return own.promise;
    },
    destination,
    advance: (time) => handle(filter.advance(time)),
    flush: () => handle(filter.flush()),
    setRules: filter.setRules,
    isHolding: filter.isHolding,
    snapshot: filter.snapshot,
    counters: filter.counters,
  };
}
