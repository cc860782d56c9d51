export { createAssetFilter } from './asset-pattern.ts';
export { createLine, type Line, type LineOptions } from './line.ts';
