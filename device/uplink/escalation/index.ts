export { type AutoLink, type AutoLinkOptions, createAutoLink } from './auto-link.ts';
export type { BreakerOptions } from './breaker.ts';
export { type BridgeWatch, createBridgeWatch } from './bridge-watch.ts';
export type { BudgetLimits } from './budget.ts';
export { concatRows } from './concat-rows.ts';
export { createEdgeClient, type EdgeClientOptions } from './edge-client.ts';
export { createEdgeHealth } from './edge-health.ts';
export type { EdgeLink, EscalationBatch, EscalationOutcome } from './edge-link.ts';
export {
  createEdgeRoute,
  createNoRoute,
  type EdgeRoute,
  type EdgeRouteCounters,
  type EdgeRouteOptions,
} from './edge-route.ts';
export { createEscalator } from './escalator.ts';
export {
  DEFAULT_MAX_AGE_MS,
  type Escalator,
  type EscalatorCounters,
  type EscalatorOptions,
} from './escalator-options.ts';
export type { UnsureRow } from './ledger.ts';
export { createMqttLink, type MqttLink, type MqttLinkCounters } from './mqtt-link.ts';
export { networkReason, postRows } from './post-rows.ts';
export { createSeal, type Seal, type SealedMessage } from './seal.ts';
