export type { EdgeHistory } from './edge-history.ts';
export { edgeTable } from './edge-table.ts';
export { EDGE_VARIANTS, type EdgeVariant } from './edge-variants.ts';
export {
  type EdgeMeasurement,
  type MeasureEdgesOptions,
  measureEdges,
} from './measure-edges.ts';
export { plantHistory } from './plant-history.ts';
export { projectHistories } from './project-history.ts';
export { type WriteEdgeReportOptions, writeEdgeReport } from './write-edge-report.ts';
