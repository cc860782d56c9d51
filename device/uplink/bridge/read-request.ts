// A message from a broker, which anybody with access may have written, to a request.
import {
  bridgeServes,
  isEscalationResponse,
  parseEscalationRequest,
  SAFETENSORS_MEDIA_TYPE,
} from '@dandan/shared/wire';
import type { MessageDetails } from '../../mqtt/index.ts';
import type { Seal, SealedMessage } from '../escalation/index.ts';
import type { BridgeProblem } from './reply.ts';

/** SHA-256. */
const CORRELATION_BYTES = 32;

export interface Address {
  /** `site/gateway`. */
  readonly gateway: string;
  readonly topic: string;
  readonly responseTopic: string;
  readonly correlation: Uint8Array;
  /** The gateway's, where it shares a secret with this bridge. */
  readonly seal: Seal | undefined;
}

export interface BridgeRequest extends Address {
  readonly body: Uint8Array;
  /** Seconds until the gateway does not wait any more; `undefined`: it did not say. */
  readonly expirySeconds: number | undefined;
}

export type ReadRequest =
  /** Nobody can be answered, or nobody should be. */
  | { readonly kind: 'dropped'; readonly reason: string }
  | { readonly kind: 'refused'; readonly address: Address; readonly problem: BridgeProblem }
  | { readonly kind: 'request'; readonly request: BridgeRequest };

export interface ReadRequestOptions {
  readonly serves: readonly string[];
  readonly maxBytes: number;
  /** Seals by `site/gateway`. */
  readonly seals: ReadonlyMap<string, Seal>;
}

async function isItsHash(correlation: Uint8Array, body: Uint8Array): Promise<boolean> {
  const hash = await crypto.subtle.digest('SHA-256', body as Uint8Array<ArrayBuffer>);
  return Buffer.from(hash).equals(correlation);
}

const dropped = (reason: string): ReadRequest => ({ kind: 'dropped', reason });

/**
 * Reads a message. Answers go to the response topic of the gateway in the request's own topic
 * and nowhere else, whatever a request names: the broker's access rules say who may publish
 * under a gateway's name, and the bridge lends nobody its own access.
 */
export async function readRequest(
  topic: string,
  payload: Uint8Array,
  details: MessageDetails,
  { serves, maxBytes, seals }: ReadRequestOptions,
): Promise<ReadRequest> {
  if (details.retained) return dropped('retained');
  const name = parseEscalationRequest(topic);
  if (name === undefined) return dropped('topic');
  const { responseTopic, correlationData: correlation, contentType, expirySeconds } = details;
  if (responseTopic === undefined || !isEscalationResponse(responseTopic, name)) {
    return dropped('response-topic');
  }
  if (correlation?.byteLength !== CORRELATION_BYTES) return dropped('correlation');
  const gateway = `${name.site}/${name.gateway}`;
  const seal = seals.get(gateway);
  const address = { gateway, topic, responseTopic, correlation, seal };
  const refused = (problem: BridgeProblem): ReadRequest => ({ kind: 'refused', address, problem });
  if (!bridgeServes(serves, name)) return refused('gateway-not-served');
  if (contentType !== SAFETENSORS_MEDIA_TYPE) return refused('media-type-unsupported');
  if (payload.byteLength > maxBytes) return refused('request-too-large');
  const message: SealedMessage = {
    direction: 'request',
    topic,
    responseTopic,
    correlation,
    status: '',
    retryAfter: '',
    body: payload,
  };
  const given = details.userProperties?.seal;
  if (seal !== undefined && !(await seal.verify(message, given))) return refused('seal-invalid');
  if (!(await isItsHash(correlation, payload))) return refused('correlation-mismatch');
  return { kind: 'request', request: { ...address, body: payload, expirySeconds } };
}
