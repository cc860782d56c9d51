export { createEdgeClient, type EdgeClient, type EdgeClientOptions } from './edge-client.ts';
export {
  createEscalator,
  type Escalator,
  type EscalatorOptions,
} from './escalator.ts';
export type { UnsureRow } from './ledger.ts';
