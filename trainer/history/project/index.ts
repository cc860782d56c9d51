export type { ChannelChoices, FeatureChoices } from './features-section.ts';
export type { GraphChoices, SplitChoices } from './graph-section.ts';
export type { LabelSheets, TopologySource } from './labels-section.ts';
export { type PlantProject, projectSchema } from './schema.ts';
export type { TelemetryFiles } from './telemetry-section.ts';
