// Figures of champion and challenger as cells of a table.
import type { TableCell } from '../report/document.ts';

export const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
export const signed = (points: number) => `${points < 0 ? '−' : '+'}${Math.abs(points).toFixed(1)}`;
export const pValue = (value: number) => (value < 0.0001 ? '< 0.0001' : value.toFixed(4));
export const cell = (value: string, note?: string): TableCell => ({ text: value, note });

/** A pair of figures of which the larger, or smaller, is marked. */
export function pair(
  a: number,
  b: number,
  show: (value: number) => string,
  smaller = false,
): TableCell[] {
  const better = smaller ? Math.min(a, b) : Math.max(a, b);
  return [a, b].map((value) => ({ text: show(value), best: a !== b && value === better }));
}
