// A label sheet as a maintenance team fills it in: a few incidents of each kind, a few stretches
// in which nothing was wrong, times to five minutes.
import type { LocalTimes } from './local-time.ts';
import type { PumpState } from './pump-line.ts';

const MINUTE_MS = 60_000;

/** To what people round: nobody notes seconds. */
const ROUND_MS = 5 * MINUTE_MS;

/** Of each class. */
const INCIDENTS = 6;
const NORMAL_STRETCHES = 8;

/** Shorter stretches are not worth a line. */
const LEAST_MS = 45 * MINUTE_MS;

/** A fault grows before anybody sees it: what is called normal ends this long before. */
const BEFORE_FAULT_MS = 20 * MINUTE_MS;

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
function asNoted(state: PumpState, normal: string): LabelLine {
  const to = state.class === normal ? state.to - BEFORE_FAULT_MS : state.to;
  return {
    ...state,
    from: Math.ceil(state.from / ROUND_MS) * ROUND_MS,
    to: Math.floor(to / ROUND_MS) * ROUND_MS,
  };
}

/** Chooses the lines of a sheet, in the order of time. The rest of the history has no label. */
export function chooseLabels(states: readonly PumpState[], normal: string): LabelLine[] {
  const noted = states
    .map((state) => asNoted(state, normal))
    .filter(({ from, to }) => to - from >= LEAST_MS)
    .sort((a, b) => a.from - b.from || (a.asset < b.asset ? -1 : 1));
  const classes = [...new Set(noted.map((line) => line.class))];
  return classes
    .flatMap((name) =>
      spread(
        noted.filter((line) => line.class === name),
        name === normal ? NORMAL_STRETCHES : INCIDENTS,
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
