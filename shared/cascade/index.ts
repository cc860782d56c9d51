export { AUDIT_SHARE, type AuditSampleOptions, isAudited } from './audit/audit-sample.ts';
export {
  createRiskMonitor,
  evidence,
  isAlarm,
  observeAudit,
  type RiskMonitor,
} from './audit/risk-monitor.ts';
export {
  type BatchExit,
  type BatchExitOptions,
  batchExit,
  DEFAULT_BATCH_THRESHOLD,
} from './batch-exit.ts';
export { chooseKernels, usableKernels } from './block/choose-kernels.ts';
export { type Cascade, type CreateCascadeOptions, createCascade } from './cascade.ts';
export { exitLimits, exitStages } from './exit-stages.ts';
export { type RunBatchOptions, runBatch } from './run-batch.ts';
export {
  type CascadeOptions,
  type CascadeResult,
  createResult,
  runCascade,
  STOP_REASONS,
  type StopReason,
} from './run-cascade.ts';
export { stageProbabilities } from './stage-probabilities.ts';
export { type CascadeTrace, traceCascade } from './trace-cascade.ts';
