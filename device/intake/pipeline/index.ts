export { createSources, filtersOf } from './create-sources.ts';
export {
  createPipeline,
  type NamedSource,
  type Pipeline,
  type PipelineOptions,
  type PipelineState,
} from './pipeline.ts';
export { createReports, type Reports } from './reports.ts';
