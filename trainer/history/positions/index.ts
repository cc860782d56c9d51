export { type AssetPositions, assetPositions } from './asset-positions.ts';
