export {
  type Bridge,
  type BridgeBroker,
  type BridgeOptions,
  createBridge,
  STOP_DEADLINE_MS,
} from './bridge.ts';
