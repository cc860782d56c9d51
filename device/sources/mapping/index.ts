export type { MappingCounters } from './counters.ts';
export { createMappingSource, type MappingSource } from './create-source.ts';
