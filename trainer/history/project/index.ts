export type { ChannelChoices, FeatureChoices } from './features-section.ts';
export { isProject } from './find-project.ts';
export type { GraphChoices, SplitChoices } from './graph-section.ts';
export type { LabelSheets, TopologySource } from './labels-section.ts';
export { checkProject, type ReadProject, readProject } from './read-project.ts';
export { type PlantProject, projectSchema } from './schema.ts';
export type { TelemetryFiles } from './telemetry-section.ts';
