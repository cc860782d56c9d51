// A label sheet as a maintenance team fills it in: the half hour in which somebody was sure, of a few
// incidents of each kind and of a few stretches in which nothing was wrong.
import type { LocalTimes } from './local-time.ts';
import type { PumpState } from './pump-line.ts';

const MINUTE_MS = 60_000;

/** To what people round: nobody notes seconds. */
const ROUND_MS = 5 * MINUTE_MS;

/** Whole incidents, or more of them, would teach a plain MLP as much as the graph does. */
const LINES_A_CLASS = 8;

/** Shorter stretches are not worth a line. */
const LEAST_MS = 45 * MINUTE_MS;

/** In the middle of it. */
const SURE_MS = 30 * MINUTE_MS;

export interface LabelLine extends PumpState {}

/** `count` of them, evenly over the list. */
function spread<T>(items: readonly T[], count: number): T[] {
  if (items.length <= count) return [...items];
  return Array.from(
    { length: count },
    (_, k) => items[Math.floor((k * (items.length - 1)) / (count - 1))],
  );
}

/** The times that a person would write: inside the stretch, rounded. */
function asNoted(state: PumpState): LabelLine {
  const middle = (state.from + state.to) / 2;
  const from = Math.round((middle - SURE_MS / 2) / ROUND_MS) * ROUND_MS;
  return { ...state, from, to: from + SURE_MS };
}

/** Chooses the lines of a sheet, in the order of time. The rest of the history has no label. */
export function chooseLabels(states: readonly PumpState[]): LabelLine[] {
  const noted = states
    .filter(({ from, to }) => to - from >= LEAST_MS)
    .map(asNoted)
    .sort((a, b) => a.from - b.from || (a.asset < b.asset ? -1 : 1));
  const classes = [...new Set(noted.map((line) => line.class))];
  return classes
    .flatMap((name) =>
      spread(
        noted.filter((line) => line.class === name),
        LINES_A_CLASS,
      ),
    )
    .sort((a, b) => a.from - b.from || (a.asset < b.asset ? -1 : 1));
}

/** The sheet: asset, from, to, class. */
export function labelSheet(lines: readonly LabelLine[], times: LocalTimes): string {
  const rows = lines.map(
    ({ asset, from, to, class: name }) =>
      `${asset},${times.minute(from)},${times.minute(to)},${name}\n`,
  );
  return `asset,from,to,class\n${rows.join('')}`;
}
