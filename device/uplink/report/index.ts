export type {
  AuditCollector,
  AuditedRow,
  AuditMessage,
  AuditStore,
} from './audit-collector.ts';
export type { AuditSource, KeptAudit } from './audit-sender.ts';
export { createEdgePost, type PostOutcome, type PostToEdge } from './edge-post.ts';
export {
  createEdgeReport,
  type EdgeReport,
  type EdgeReportCounters,
  type EdgeReportOptions,
} from './edge-report.ts';
export type { Counted, GatewayCounts } from './gateway-counts.ts';
