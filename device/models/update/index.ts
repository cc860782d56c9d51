export type { CheckResult } from './asker.ts';
export type { ModelHost, ModelUpdateConfig } from './context.ts';
export type { EdgeAccess } from './edge-request.ts';
export {
  type CanaryCriteria,
  DEFAULT_CRITERIA,
  DEFAULT_PROBATION,
  type ProbationCriteria,
} from './judge.ts';
export { type OpenPartsOptions, openParts } from './open-parts.ts';
export type { HeartbeatModel, ModelReport } from './report.ts';
export { createRequests, type Requests, type UpdateRequest } from './requests.ts';
export type { AnsweredFigures } from './serving.ts';
export { type UpdateSettings, updateSettingsOf } from './settings.ts';
export type { Shadow, ShadowAnswer, ShadowHost, ShadowRow } from './shadow.ts';
export { readTrustedKeys, type TrustSources } from './trusted-keys.ts';
export {
  DEFAULT_CHECK_INTERVAL_MS,
  openUpdater,
  type UpdateRequestOptions,
  type Updater,
  type UpdaterOptions,
} from './updater.ts';
