// The link to the edge over MQTT 5 request/response (section 4.10), through a bridge. The
// gateway's key does not travel: the bridge has its own.
import { InputError } from '@dandan/shared/error';
import {
  encodeQuantisedRows,
  MAX_BODY_BYTES,
  MAX_BRIDGED_BYTES,
  SAFETENSORS_MEDIA_TYPE,
  type Topics,
} from '@dandan/shared/wire';
import type { MessageProperties, Transport } from '../../mqtt/index.ts';
import { withSignal } from '../../retry/index.ts';
import type { BridgeWatch } from './bridge-watch.ts';
import type { EdgeLink, EscalationBatch, EscalationOutcome } from './edge-link.ts';
import { judgeAnswer, parseRetryAfter } from './judge-answer.ts';
import type { Seal } from './seal.ts';

export interface MqttLinkOptions {
  /** Connected or connecting to the broker that the bridge is at. */
  readonly transport: Transport;
  readonly topics: Pick<Topics, 'escalationRequest' | 'escalationResponse'>;
  readonly watch: BridgeWatch;
  readonly timeoutMs: number;
  /** @default {none: the broker's access rules alone say who may ask and answer} */
  readonly seal?: Seal | undefined;
}

export interface MqttLinkCounters {
  /** Answers to nobody's question: late, repeated or made up. */
  readonly strayAnswers: number;
  /** Answers to an open question without the bridge's seal. */
  readonly forgedAnswers: number;
}

export interface MqttLink extends EdgeLink {
  /**
   * Subscribes to answers and bridges; the transport is connected.
   *
   * @throws {InputError} `mqtt5-required`, `broker-refused`, or the signal's reason.
   */
  start(signal: AbortSignal): Promise<void>;
  snapshot(): MqttLinkCounters;
}

interface Response {
  readonly status: number;
  readonly retryAfter: string | undefined;
  readonly body: Uint8Array;
}

/** Given for free: the body's own hash, 32 bytes. */
async function correlate(body: Uint8Array<ArrayBuffer>): Promise<Buffer> {
  return Buffer.from(await crypto.subtle.digest('SHA-256', body));
}

export function createMqttLink(options: MqttLinkOptions): MqttLink {
  const { transport, topics, watch, timeoutMs, seal } = options;
  const { escalationRequest: topic, escalationResponse: responseTopic } = topics;
  /** Open questions; two of the same content are one. */
  const open = new Map<string, PromiseWithResolvers<Response>>();
  const counters = { strayAnswers: 0, forgedAnswers: 0 };

  async function receive(payload: Uint8Array, properties: MessageProperties): Promise<void> {
    const { correlationData: correlation = new Uint8Array(), userProperties = {} } = properties;
    const { status = '', 'retry-after': retryAfter, seal: given } = userProperties;
    const id = Buffer.from(correlation).toString('hex');
    if (!open.has(id) || !/^[1-5]\d\d$/.test(status)) {
      counters.strayAnswers++;
      return;
    }
    const direction = 'response' as const;
    const text = retryAfter ?? '';
    const message = { direction, topic: responseTopic, responseTopic, correlation, status };
    if (seal && !(await seal.verify({ ...message, retryAfter: text, body: payload }, given))) {
      counters.forgedAnswers++;
      return;
    }
    open.get(id)?.resolve({ status: Number(status), retryAfter, body: payload });
  }

  function ask(id: string, limited: AbortSignal): Promise<Response> {
    const answer = open.get(id) ?? Promise.withResolvers<Response>();
    open.set(id, answer);
    return withSignal(answer.promise, limited).finally(() => {
      if (open.get(id) === answer) open.delete(id);
    });
  }

  /** Why no request can leave now; `undefined`: it can. */
  function obstacle(): string | undefined {
    if (transport.state.kind !== 'connected') return 'broker away';
    if (transport.state.protocol !== '5') return 'the broker does not speak MQTT 5';
    if (watch.bridge() === undefined) return 'no bridge serves this gateway';
    return undefined;
  }

  async function escalate(batch: EscalationBatch, signal: AbortSignal): Promise<EscalationOutcome> {
    const { rows, bundle, model } = batch;
    const body = encodeQuantisedRows(rows, { bundle, model });
    const failure = (reason: string, bytesUp: number): EscalationOutcome => {
      const nobody = { retryAfterMs: 0, status: undefined, bytesDown: 0 };
      return { kind: 'unavailable', reason, bytesUp, ...nobody };
    };
    const reason = obstacle();
    if (reason !== undefined) return failure(reason, 0);
    const most = watch.bridge()?.maxBytes ?? MAX_BRIDGED_BYTES;
    if (body.byteLength > most) {
      const tooLarge = `request of ${body.byteLength} bytes, the bridge takes ${most}`;
      return { kind: 'refused', reason: tooLarge, status: 413, bytesUp: 0, bytesDown: 0 };
    }
    const correlation = await correlate(body);
    const message = { direction: 'request' as const, topic, responseTopic, correlation, body };
    const sealed = await seal?.sign({ ...message, status: '', retryAfter: '' });
    signal.throwIfAborted();
    const answer = ask(
      correlation.toString('hex'),
      AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
    );
    const refused = Promise.withResolvers<never>();
    transport
      .publish(topic, body, {
        responseTopic,
        correlationData: correlation,
        contentType: SAFETENSORS_MEDIA_TYPE,
        // A bridge that is late need not ask for what nobody waits for.
        expirySeconds: Math.ceil(timeoutMs / 1000),
        ...(sealed === undefined ? {} : { userProperties: { seal: sealed } }),
      })
      .catch(refused.reject);
    try {
      const response = await Promise.race([answer, refused.promise]);
      return judgeAnswer(batch, {
        status: response.status,
        retryAfterMs: parseRetryAfter(response.retryAfter, Date.now()),
        body: response.body.byteLength > MAX_BODY_BYTES ? undefined : response.body,
        bytesUp: body.byteLength,
        bytesDown: response.body.byteLength,
      });
    } catch (error) {
      signal.throwIfAborted();
      const { name, message: text } = error as Error;
      return failure(name === 'TimeoutError' ? 'timeout' : text.slice(0, 200), body.byteLength);
    }
  }

  return {
    escalate,
    async start(signal) {
      const { state } = transport;
      if (state.kind === 'connected' && state.protocol !== '5') {
        throw new InputError('mqtt5-required', 'Escalation over MQTT needs a broker with MQTT 5', {
          field: 'escalation.via',
          value: `MQTT ${state.protocol}`,
          allowed: 'https, or a broker and broker.protocol with MQTT 5',
        });
      }
      const subscribed = transport.subscribe(responseTopic, (_topic, payload, properties) => {
        void receive(payload, properties);
      });
      await withSignal(Promise.all([subscribed, watch.start(transport)]), signal);
    },
    snapshot: () => ({ ...counters }),
  };
}
