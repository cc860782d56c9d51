// Which bridges a gateway could ask, by their retained status on the broker.
import {
  BRIDGE_STATUS_FILTER,
  type BridgeStatus,
  bridgeServes,
  bridgeStatusSchema,
  createBridgeTopics,
} from '@dandan/shared/wire';
import type { Transport } from '../../mqtt/index.ts';

/** Bridges remembered; a plant has two, and a stranger's flood of names must not fill memory. */
const MAX_BRIDGES = 64;

/** A status names at most 400 gateways of at most 129 characters. */
const MAX_STATUS_BYTES = 64 * 1024;

export interface BridgeWatch {
  /** Subscribes. @throws {InputError} `broker-refused`. */
  start(transport: Pick<Transport, 'subscribe'>): Promise<void>;
  /** A bridge that serves this gateway; one that has the edge comes first. */
  bridge(): BridgeStatus | undefined;
}

export interface BridgeWatchOptions {
  readonly site: string;
  readonly gateway: string;
}

function parseStatus(payload: Uint8Array): BridgeStatus | undefined {
  if (payload.byteLength > MAX_STATUS_BYTES) return undefined;
  try {
    return bridgeStatusSchema.safeParse(JSON.parse(Buffer.from(payload).toString())).data;
  } catch {
    return undefined;
  }
}

export function createBridgeWatch(own: BridgeWatchOptions): BridgeWatch {
  const online = new Map<string, BridgeStatus>();

  function receive(topic: string, payload: Uint8Array): void {
    const status = parseStatus(payload);
    const serving =
      status?.status === 'online' &&
      createBridgeTopics(status.bridge).status === topic &&
      bridgeServes(status.serves, own);
    // Also an empty payload, with which people take a bridge's status off the broker.
    if (!serving) online.delete(topic);
    else if (online.has(topic) || online.size < MAX_BRIDGES) online.set(topic, status);
  }

  return {
    start: (transport) => transport.subscribe(BRIDGE_STATUS_FILTER, receive),
    bridge() {
      const all = [...online.values()];
      return all.find(({ edge }) => edge !== 'down') ?? all[0];
    },
  };
}
