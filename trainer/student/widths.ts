// How wide the stages of a cascade are, by structure.
import type { Structure } from './student.ts';

/** Share of the last width that the first stage of `incremental` has. */
const INCREMENTAL_FIRST = 0.25;

/**
 * Widths of K stages whose last is `hidden`: equal for `paper`, evenly growing from a quarter for
 * `incremental`, doubling for `additive`, so that a stage costs what all before it do.
 */
export function defaultWidths(structure: Structure, stages: number, hidden: number): number[] {
  return Array.from({ length: stages }, (_, index) => {
    if (structure === 'paper' || stages === 1) return hidden;
    // Few units for many stages: each has one more, as long as there are any.
    if (structure === 'additive') {
      return Math.max(Math.round(hidden / 2 ** (stages - 1 - index)), Math.min(index + 1, hidden));
    }
    const share = INCREMENTAL_FIRST + ((1 - INCREMENTAL_FIRST) * index) / (stages - 1);
    return Math.round(hidden * share);
  });
}

/** Equal widths for `paper`, else growing ones: every stage adds a unit. */
export const fitsStructure = (structure: Structure, widths: readonly number[]): boolean =>
  widths.every((width, k) =>
    structure === 'paper' ? width === widths[0] : width > (widths[k - 1] ?? 0),
  );

/** The widths given where they are meant for the structure, else its default ones with the same end. */
export function cascadeWidths(
  structure: Structure,
  options: { readonly structure: Structure; readonly widths: readonly number[] },
): readonly number[] {
  const { widths } = options;
  const meant = structure !== 'additive' || options.structure === 'additive';
  return meant && fitsStructure(structure, widths)
    ? widths
    : defaultWidths(structure, widths.length, widths[widths.length - 1]);
}
