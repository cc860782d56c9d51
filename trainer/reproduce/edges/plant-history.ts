// Shifts of the embedded plant, dealt: whole ones are held back.
import { historySplit } from '../../history/split/index.ts';
import { plantShifts } from '../../plant/index.ts';
import type { EdgeHistory } from './edge-history.ts';

/** @param seed of the plant, its shifts, and the labels that are given. */
export function plantHistory(seed: number): EdgeHistory {
  const { graph: _, ...shifts } = plantShifts(seed);
  return { name: 'plant', ...shifts, split: historySplit({ ...shifts, seed }).split };
}
