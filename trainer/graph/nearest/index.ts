export type { Guard } from './guard.ts';
export {
  EXACT_ROWS,
  type Nearest,
  type NearestOptions,
  nearestNeighbours,
} from './nearest-neighbours.ts';
