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
export { deviceNameSchema } from './device-name.ts';
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
export { type Problem, problemSchema } from './problem.ts';
export { decodeQuantisedRows, encodeQuantisedRows } from './quantised-rows.ts';
export { type ParseTelemetryOptions, parseTelemetry } from './telemetry.ts';
export {
  type ChannelSummary,
  type TelemetrySummary,
  telemetrySummarySchema,
} from './telemetry-summary.ts';
export { checkTopicLevel, createTopics, type Topics } from './topics.ts';
