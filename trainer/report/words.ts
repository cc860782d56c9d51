// How reports say numbers and names.
import { publishedName } from '../reproduce/published.ts';
import type { Summary } from '../reproduce/statistics.ts';
import type { TableCell } from './document.ts';
import { METHOD_STYLES, SETTING_NAMES, TEACHER_NAMES } from './theme.ts';

/** E.g. `81.32 ± 0.45`; without spread for one seed. */
export function meanAndSpread({ n, mean, std }: Summary, digits = 2): string {
  // A mean just below 0 is not −0.00.
  const text = (Number(mean.toFixed(digits)) || 0).toFixed(digits);
  return n === 1 ? text : `${text} ± ${std.toFixed(digits)}`;
}

export const methodName = (method: string): string => METHOD_STYLES[method]?.name ?? method;
export const teacherName = (teacher: string): string => TEACHER_NAMES[teacher] ?? teacher;
export const settingName = (setting: string): string => SETTING_NAMES[setting] ?? setting;
export const setName = publishedName;

/** A cell of fewer seeds than its table says how many it has. */
export function summaryCell(
  summary: Summary | undefined,
  { seeds, note, best = false }: { seeds: number; note?: string | undefined; best?: boolean },
): TableCell {
  if (summary === undefined) return { text: '—', missing: true };
  const few = summary.n < seeds ? [`${summary.n} of ${seeds} seeds`] : [];
  const notes = [...few, ...(note === undefined ? [] : [note])];
  return {
    text: meanAndSpread(summary),
    note: notes.length === 0 ? undefined : notes.join(', '),
    best,
  };
}

/** `cora-gcn-tran-accuracy`: safe in file names and as an id. */
export const chartId = (...parts: readonly string[]): string =>
  parts
    .join('-')
    .toLowerCase()
    .replaceAll(/[^a-z0-9-]+/g, '-');

/** `a`, `a and b`, `a, b and c`. */
export function listed(words: readonly string[]): string {
  const last = words.at(-1) ?? '';
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} and ${last}`;
}

/** What a seed range is called: `seeds 1–10`, `seed 3`, `seeds 1, 4, 7`. */
export function seedText(seeds: readonly number[]): string {
  const [first] = seeds;
  const last = seeds[seeds.length - 1];
  if (seeds.length === 1) return `seed ${first}`;
  const contiguous = last - first === seeds.length - 1;
  return `seeds ${contiguous ? `${first}–${last}` : seeds.join(', ')}`;
}
