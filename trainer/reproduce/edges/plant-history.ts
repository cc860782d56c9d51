// Shifts of the embedded plant, dealt: whole ones are held back.
import { plantShifts } from '../../plant/index.ts';
import { type EdgeHistory, edgeHistory } from './edge-history.ts';

/** @param seed of the plant, its shifts, and the labels that are given. */
export const plantHistory = (seed: number): EdgeHistory =>
  edgeHistory('plant', plantShifts(seed), seed);
