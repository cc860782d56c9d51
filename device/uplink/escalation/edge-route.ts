// The way to the edge that the configuration asks for, put together.

import { InputError } from '@dandan/shared/error';
import { createTopics } from '@dandan/shared/wire';
import type { Logger } from '../../log/index.ts';
import type { Transport } from '../../mqtt/index.ts';
import type { EdgeKey } from '../key/index.ts';
import { createAutoLink } from './auto-link.ts';
import { createBridgeWatch } from './bridge-watch.ts';
import { createEdgeClient } from './edge-client.ts';
import { createEdgeHealth } from './edge-health.ts';
import type { EdgeLink } from './edge-link.ts';
import { createMqttLink } from './mqtt-link.ts';
import { createSeal } from './seal.ts';

/** A check of HTTPS waits this long: it is made beside the work, over a link that was down. */
const CHECK_TIMEOUT_MS = 5000;

export interface EdgeRouteOptions {
  readonly via: 'https' | 'mqtt' | 'auto';
  readonly site: string;
  readonly gateway: string;
  readonly edge: { readonly url: string; readonly key: EdgeKey; readonly timeoutMs: number };
  /** To the home broker, where bridges are looked for. */
  readonly transport: Transport;
  /** Shared with the bridge. @default {none} */
  readonly bridgeSecret?: string | undefined;
  readonly log: Logger;
}

export interface EdgeRouteCounters {
  /** 1: rows go over the bridge now. */
  readonly viaBridge: 0 | 1;
  /** Times that the other way was taken. */
  readonly viaSwitches: number;
  /** Answers on the broker to nobody's question, and without the bridge's seal. */
  readonly strayAnswers: number;
  readonly forgedAnswers: number;
}

export interface EdgeRoute {
  readonly link: EdgeLink;
  /**
   * Looks for bridges, where rows may go over one; the transport is connected. With `auto` a broker
   * that has no use for it leaves HTTPS alone, and the log says so.
   *
   * @throws {InputError} with `mqtt`: `mqtt5-required` or `broker-refused`; the signal's reason.
   */
  start(signal: AbortSignal): Promise<void>;
  snapshot(): EdgeRouteCounters;
}

const NO_ANSWERS = { strayAnswers: 0, forgedAnswers: 0 };

/** Of a gateway without an edge: rows that wait from a time when there was one are given up. */
export function createNoRoute(): EdgeRoute {
  const outcome = { kind: 'refused', reason: 'there is no edge', status: 404 } as const;
  return {
    link: { escalate: async () => ({ ...outcome, bytesUp: 0, bytesDown: 0 }) },
    start: async () => {},
    snapshot: () => ({ viaBridge: 0, viaSwitches: 0, ...NO_ANSWERS }),
  };
}

/** The route of `via`; nothing is connected or subscribed before `start`. */
export async function createEdgeRoute(options: EdgeRouteOptions): Promise<EdgeRoute> {
  const { via, site, gateway, edge, transport, bridgeSecret, log } = options;
  const https = createEdgeClient(edge);
  if (via === 'https') {
    const snapshot = () => ({ viaBridge: 0, viaSwitches: 0, ...NO_ANSWERS }) as const;
    return { link: https, start: async () => {}, snapshot };
  }
  const watch = createBridgeWatch({ site, gateway });
  const mqtt = createMqttLink({
    transport,
    topics: createTopics({ site, gateway }),
    watch,
    timeoutMs: edge.timeoutMs,
    seal: bridgeSecret === undefined ? undefined : await createSeal(bridgeSecret),
  });
  if (via === 'mqtt') {
    const snapshot = () => ({ viaBridge: 1, viaSwitches: 0, ...mqtt.snapshot() }) as const;
    return { link: mqtt, start: mqtt.start, snapshot };
  }
  const auto = createAutoLink({
    https,
    mqtt,
    bridged: () => watch.bridge() !== undefined,
    check: createEdgeHealth({ url: edge.url, timeoutMs: CHECK_TIMEOUT_MS }),
    log,
  });
  return {
    link: auto,
    async start(signal) {
      try {
        await mqtt.start(signal);
      } catch (error) {
        if (!(error instanceof InputError)) throw error;
        log.warn('no-bridge', { reason: error.message, allowed: error.allowed });
      }
    },
    snapshot: () => ({
      viaBridge: auto.via === 'mqtt' ? 1 : 0,
      viaSwitches: auto.switches,
      ...mqtt.snapshot(),
    }),
  };
}
