export { type AuditSampleBody, encodeAuditSample } from './audit-sample.ts';
export {
  BRIDGE_STATUS_FILTER,
  type BridgeMetrics,
  type BridgeStatus,
  bridgeMetricsSchema,
  bridgeServes,
  bridgeStatusSchema,
  createBridgeTopics,
  isEscalationResponse,
  MAX_BRIDGED_BYTES,
  MAX_SERVED,
  parseEscalationRequest,
  servedGatewaySchema,
} from './bridge.ts';
export {
  type Desired,
  type DesiredOutputs,
  desiredFields,
  desiredSchema,
  desiredVersionSchema,
  MAX_DESIRED_BYTES,
  MAX_DESIRED_MODELS,
  type ModelRequest,
  type UpdateSchedule,
  updateScheduleSchema,
} from './desired.ts';
export { deviceNameSchema, LEVEL, LEVEL_WORDS } from './device-name.ts';
export {
  DEFAULT_EXPLAINED_FEATURES,
  type ExplainOptions,
  type ExplainResponse,
  explainOptionsSchema,
  explainRequestSchema,
  explainResponseSchema,
  MAX_EXPLAINED_FEATURES,
  MAX_EXPLAINED_ROWS,
} from './explain.ts';
export {
  type GatewayAlert,
  type GatewayHealth,
  type GatewayMetrics,
  gatewayAlertSchema,
  gatewayHealthSchema,
  gatewayMetricsSchema,
} from './gateway-metrics.ts';
export { type GatewayReport, gatewayReportSchema, MAX_COUNT } from './gateway-report.ts';
export {
  type Heartbeat,
  type HeartbeatAnswer,
  type HeartbeatModel,
  heartbeatAnswerSchema,
  heartbeatSchema,
  MAX_HEARTBEAT_MODELS,
  MAX_REASON,
  MAX_SOFTWARE,
} from './heartbeat.ts';
export * from './limits.ts';
export { PROBLEM_MEDIA_TYPE, SAFETENSORS_MEDIA_TYPE } from './media-types.ts';
export {
  type Answer,
  answerSchema,
  channelNameSchema,
  type PredictOptions,
  type PredictRequest,
  type PredictResponse,
  predictOptionsSchema,
  predictRequestSchema,
  predictResponseSchema,
} from './predict.ts';
export { type Prediction, predictionId, predictionSchema } from './prediction.ts';
export { printable } from './printable.ts';
export { type Problem, problemSchema } from './problem.ts';
export { decodeQuantisedRows, encodeQuantisedRows } from './quantised-rows.ts';
export {
  type FieldOutcome,
  MAX_REPORTED_REASON,
  type Reported,
  reportedSchema,
  UPDATE_STATES,
  type UpdateState,
} from './reported.ts';
export { type ParseTelemetryOptions, parseTelemetry } from './telemetry.ts';
export {
  type ChannelSummary,
  type TelemetrySummary,
  telemetrySummarySchema,
} from './telemetry-summary.ts';
export { checkTopicLevel, createTopics, type Topics } from './topics.ts';
