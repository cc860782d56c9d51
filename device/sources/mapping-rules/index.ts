export type { MappingOptions, NumberForms, TimeUnit } from './mapping-options.ts';
export { type Mapping, type NameSource, parseMapping } from './parse-mapping.ts';
