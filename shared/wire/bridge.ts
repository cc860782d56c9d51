// Escalation over MQTT 5 request/response: topics, and how a bridge says that it is there.
// `$bridge` is no name of a site, so no gateway's topic can be taken for a bridge's.
import * as z from 'zod';
import { deviceNameSchema, LEVEL } from './device-name.ts';
import { checkTopicLevel } from './topics.ts';

/** Largest request through a broker: 64 rows of 1,433 codes are 92 kB, and brokers hold it all. */
export const MAX_BRIDGED_BYTES = 1024 * 1024;

/** Gateways and sites that one bridge names; its status stays below 64 kB. */
export const MAX_SERVED = 400;

/** Subscription of a gateway that looks for bridges. */
export const BRIDGE_STATUS_FILTER = 'dandan/$bridge/+/status';

const REQUEST = /^dandan\/([^/]+)\/([^/]+)\/escalation\/request$/;

/** A gateway as `site/gateway`, or all of a site as `site/*`. */
export const servedGatewaySchema = z
  .string()
  .regex(
    /^[A-Za-z0-9_.:-]{1,64}\/(\*|[A-Za-z0-9_.:-]{1,64})$/,
    'site/gateway, or site/* for all gateways of a site',
  );

/** Retained on `dandan/$bridge/{bridge}/status`; its last will is the same with `offline`. */
export const bridgeStatusSchema = z.strictObject({
  status: z.enum(['online', 'offline']),
  bridge: deviceNameSchema,
  serves: z.array(servedGatewaySchema).max(MAX_SERVED),
  /** Whether the bridge's last request reached the edge. */
  edge: z.enum(['unknown', 'up', 'down']),
  /** Largest request it takes. */
  maxBytes: z.int().min(1).max(MAX_BRIDGED_BYTES),
  /** Start of the bridge, milliseconds since the epoch. */
  since: z.number(),
});

export type BridgeStatus = z.infer<typeof bridgeStatusSchema>;

interface GatewayName {
  readonly site: string;
  readonly gateway: string;
}

/** Whether an allow-list names a gateway. */
export function bridgeServes(serves: readonly string[], { site, gateway }: GatewayName): boolean {
  return serves.includes(`${site}/${gateway}`) || serves.includes(`${site}/*`);
}

/** Topics of a bridge. @throws {InputError} `topic-invalid`. */
export function createBridgeTopics(bridge: string): { status: string; metrics: string } {
  const prefix = `dandan/$bridge/${checkTopicLevel('bridge', bridge)}`;
  return { status: `${prefix}/status`, metrics: `${prefix}/metrics` };
}

/** The gateway that a request's topic names; `undefined` for any other topic. */
export function parseEscalationRequest(topic: string): GatewayName | undefined {
  const [, site, gateway] = REQUEST.exec(topic) ?? [];
  if (site === undefined || !LEVEL.test(site) || !LEVEL.test(gateway)) return undefined;
  return { site, gateway };
}

/**
 * Whether a gateway may want its answers at `topic`. Not all of its topics: a request that
 * named `…/desired` would have the bridge, whose word counts more, speak to the gateway.
 */
export function isEscalationResponse(topic: string, { site, gateway }: GatewayName): boolean {
  const own = `dandan/${site}/${gateway}/escalation/response`;
  if (topic === own) return true;
  return topic.startsWith(`${own}/`) && LEVEL.test(topic.slice(own.length + 1));
}

const count = z.int().min(0);

/** Published on `dandan/$bridge/{bridge}/metrics`; counters run since the start of the bridge. */
export const bridgeMetricsSchema = z.strictObject({
  t: z.number(),
  /** Requests that may be answered: served gateway, own response topic, a correlation. */
  requests: count,
  /** Answers of the edge, whatever their status. */
  answered: count,
  /** Requests that the edge did not answer. */
  edgeFailures: count,
  /** Requests the bridge itself said no to. */
  refused: count,
  /** Of these, because their gateway asks too often, or the bridge had too much to do. */
  rateLimited: count,
  busy: count,
  /** Messages without an answer: from elsewhere, malformed, retained, or expired in the queue. */
  dropped: count,
  /** Requests that were answered before, or are being answered. */
  replayed: count,
  /** Answers that a broker did not take. */
  undelivered: count,
  bytesUp: count,
  bytesDown: count,
  /** Now. */
  queued: count,
  inFlight: count,
});

export type BridgeMetrics = z.infer<typeof bridgeMetricsSchema>;
