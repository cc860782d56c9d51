// The line of units that some loggers write below the titles.
import type { TableColumns } from './table-columns.ts';
import { looksLikeUnit } from './title.ts';

const NO_UNIT = new Set(['', '-', '--']);

/** The unit of each column, where the row holds units and no readings. */
export function unitsBelow(
  cells: readonly string[],
  { time, uses }: TableColumns,
): string[] | undefined {
  const units = cells.map((cell) => cell.trim().replace(/^[[(](.*)[\])]$/, '$1'));
  const own = units.filter((_, at) => uses[at]?.kind === 'channel');
  const fits = own.every((unit) => NO_UNIT.has(unit) || looksLikeUnit(unit));
  if (!fits || own.every((unit) => NO_UNIT.has(unit)) || /\d/.test(units[time])) return undefined;
  return units.map((unit) => (NO_UNIT.has(unit) ? '' : unit));
}
