// Asks the edge what a channel means for this gateway.
import { envelopeSchema } from '@dandan/shared/release';
import * as z from 'zod';
import {
  type EdgeAccess,
  edgeHeaders,
  edgeUrl,
  failureOf,
  networkFailure,
  parseJsonBody,
  type Refused,
  readLimited,
  type Unavailable,
} from './edge-request.ts';
import type { Offer } from './offer.ts';

/** The answer is below 6 kB. */
const MAX_ANSWER_BYTES = 64 * 1024;

const DEFAULT_TIMEOUT_MS = 30_000;

const channelSchema = z.object({
  serve: z.string().regex(/^[0-9a-f]{64}$/),
  pointer: envelopeSchema.nullable(),
  state: z.string().max(32).optional(),
});

export type ChannelAnswer =
  | { readonly kind: 'offer'; readonly offer: Offer; readonly edgeTime: number | undefined }
  | Unavailable
  | Refused;

export interface ChannelClient {
  /** Never throws for what the edge or the network does. @throws the signal's reason. */
  ask(model: string, channel: string, signal: AbortSignal): Promise<ChannelAnswer>;
}

function timeOf(response: Response): number | undefined {
  const time = Date.parse(response.headers.get('date') ?? '');
  return Number.isNaN(time) ? undefined : time;
}

async function answerOf(response: Response): Promise<ChannelAnswer> {
  if (!response.ok) return failureOf(response);
  const body = parseJsonBody(await readLimited(response, MAX_ANSWER_BYTES));
  const { data } = channelSchema.safeParse(body);
  if (data === undefined) {
    return { kind: 'unavailable', reason: 'no usable answer of a channel', retryAfterMs: 0 };
  }
  if (data.pointer === null) {
    return { kind: 'refused', reason: 'the release of the channel is not signed' };
  }
  const { serve, pointer: envelope } = data;
  return { kind: 'offer', offer: { serve, envelope }, edgeTime: timeOf(response) };
}

/** Channels of an edge, over HTTPS. */
export function createChannelClient(
  access: EdgeAccess,
  options: { readonly timeoutMs?: number } = {},
): ChannelClient {
  const { timeoutMs = DEFAULT_TIMEOUT_MS } = options;
  return {
    async ask(model, channel, signal) {
      try {
        const response = await fetch(edgeUrl(access, `v1/models/${model}/channels/${channel}`), {
          headers: edgeHeaders(access),
          redirect: 'error',
          signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
        });
        return await answerOf(response);
      } catch (error) {
        signal.throwIfAborted();
        return networkFailure(error);
      }
    },
  };
}
