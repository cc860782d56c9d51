export { type CpuTimes, readCpuTimes } from './load-meter.ts';
export {
  holds,
  MAX_OVERRIDE_MS,
  OVERRIDE_FILE,
  type OverrideReading,
  type PolicyOverride,
  readOverride,
  removeOverride,
  writeOverride,
} from './override-file.ts';
export type { PolicyCounters } from './policy-counters.ts';
export {
  CHECK_INTERVAL_MS,
  createPolicyWatch,
  type PolicyWatch,
  type PolicyWatchOptions,
} from './policy-watch.ts';
export { readPolicy } from './read-policy.ts';
export {
  POLICY_SOURCES,
  type PolicyInForce,
  type PolicySetting,
  type PolicySource,
} from './setting.ts';
