export { createAssetFilter } from './asset-pattern.ts';
export { createLine, type Line, type LineOptions } from './line.ts';
export { createLineSet, type LineSet, type LineSetOptions, type LineSlot } from './line-set.ts';
