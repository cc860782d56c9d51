export { createEdgeSide, type EdgeSide, type EdgeSideOptions } from './create-edge-side.ts';
