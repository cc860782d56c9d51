// Asks the edge what a model shall be, and holds the answer to its signature and to the time.
import { InputError } from '@dandan/shared/error';
import type { ModelUpdateConfig, UpdateParts } from './context.ts';
import type { UpdateDocument } from './document.ts';
import type { UpdateEvent } from './events.ts';
import { openOffer } from './offer.ts';

export interface CheckResult {
  readonly model: string;
  readonly channel: string;
  /** `offered`: the edge has been heard and verified, whether or not it changes anything. */
  readonly kind: 'offered' | 'refused' | 'unavailable';
  readonly release?: number;
  readonly bundle?: string;
  readonly reason?: string;
}

export interface Asker {
  /** Never throws for what the edge does, or for a statement that is refused. */
  ask(
    signal: AbortSignal,
  ): Promise<{ readonly result: CheckResult; readonly event: UpdateEvent | undefined }>;
  /** Time of the edge, as a heartbeat's answer tells it; milliseconds since the epoch. */
  edgeTime(time: number): void;
}

export function createAsker(options: {
  readonly config: ModelUpdateConfig;
  readonly parts: UpdateParts;
  readonly document: () => UpdateDocument;
}): Asker {
  const { config, parts, document } = options;
  const { model, channel } = config;
  const { channels, keys, now, monotonic } = parts;
  let edge: { readonly time: number; readonly at: number } | undefined;

  function edgeTime(time: number): void {
    edge = { time, at: monotonic() };
  }

  const without = (kind: 'refused' | 'unavailable', reason: string) => ({
    event: undefined,
    result: { model, channel, kind, reason },
  });

  return {
    edgeTime,
    async ask(signal) {
      const answer = await channels.ask(model, channel, signal);
      if (answer.kind !== 'offer') return without(answer.kind, answer.reason);
      if (answer.edgeTime !== undefined) edgeTime(answer.edgeTime);
      try {
        const event = await openOffer({
          offer: answer.offer,
          document: document(),
          keys: await keys(),
          // The edge's clock goes on since it was told.
          clock: { local: now(), edge: edge && edge.time + monotonic() - edge.at },
        });
        const { release, bundle } = event.target;
        const result = { model, channel, kind: 'offered', release, bundle: bundle.sha256 } as const;
        return { event, result };
      } catch (error) {
        if (!(error instanceof InputError)) throw error;
        return without('refused', `${error.code}: ${error.message}`);
      }
    },
  };
}
