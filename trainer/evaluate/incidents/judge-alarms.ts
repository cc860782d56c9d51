// How soon faults were told, how many were missed, and how often nothing was wrong: in time and
// incidents, as people live with alarms, not in windows.
import { type Alarm, findAlarms } from './alarm.ts';
import { findIncidents, type Incident } from './incident.ts';
import { DEFAULT_SETTLE, type Settle, settledClasses } from './settle.ts';
import type { Watch } from './watch.ts';

export interface JudgedIncident extends Incident {
  /** Position in the watches. */
  readonly watch: number;
  /**
   * Milliseconds from the end of its first window to the alarm, whatever fault it told; negative
   * where the alarm came before. `undefined`: none while it lasted.
   */
  readonly noticedMs: number | undefined;
  /** The same to the alarm that told this very fault. */
  readonly namedMs: number | undefined;
}

export interface JudgedAlarm extends Alarm {
  /** Position in the watches. */
  readonly watch: number;
}

export interface AlarmJudgement {
  readonly incidents: readonly JudgedIncident[];
  readonly alarms: readonly JudgedAlarm[];
  /** Class told at each window, by watch. */
  readonly told: readonly Int32Array[];
  /** Alarms without a fault. */
  readonly falseAlarms: number;
  /** Time that all assets were normal, milliseconds: each such window counts `stepMs`. */
  readonly normalMs: number;
  /** False alarms of one asset in a day in which nothing is wrong; `undefined` without such a time. */
  readonly falsePerAssetDay: number | undefined;
}

export interface JudgeOptions {
  readonly watches: readonly Watch[];
  /** Class in which nothing is wrong. */
  readonly normal: number;
  /** Time from one window to the next, milliseconds; see `usualStep`. */
  readonly stepMs: number;
  /** @default {2 of the last 3 answers} */
  readonly settle?: Settle | undefined;
}

export const DAY_MS = 86_400_000;

/** Delay of the first window for which `holds`; back into what was told before the fault began. */
function delayOf(
  { time, truth }: Watch,
  { from, to }: Incident,
  normal: number,
  holds: (window: number) => boolean,
): number | undefined {
  let window = from;
  if (holds(from)) {
    // An alarm of the fault before is none of this one.
    const quiet = (before: number) => truth[before] === normal || truth[before] < 0;
    while (window > 0 && holds(window - 1) && quiet(window - 1)) window--;
  } else {
    while (window <= to && !holds(window)) window++;
    if (window > to) return undefined;
  }
  return time[window] - time[from];
}

/** Judges what a gateway would have told. @see settledClasses for when it tells a class. */
export function judgeAlarms(options: JudgeOptions): AlarmJudgement {
  const { watches, normal, stepMs, settle = DEFAULT_SETTLE } = options;
  const told = watches.map(({ answers }) => settledClasses(answers, settle, normal));
  const incidents = watches.flatMap((watch, index) =>
    findIncidents(watch, normal).map((incident): JudgedIncident => {
      const classes = told[index];
      return {
        ...incident,
        watch: index,
        noticedMs: delayOf(watch, incident, normal, (window) => classes[window] !== normal),
        namedMs: delayOf(watch, incident, normal, (window) => classes[window] === incident.class),
      };
    }),
  );
  const alarms = watches.flatMap((watch, index) =>
    findAlarms(watch, told[index], normal).map((alarm) => ({ ...alarm, watch: index })),
  );
  const falseAlarms = alarms.filter(({ verdict }) => verdict === 'false').length;
  const windows = watches.reduce(
    (sum, { truth }) => sum + truth.filter((value) => value === normal).length,
    0,
  );
  const normalMs = windows * stepMs;
  return {
    incidents,
    alarms,
    told,
    falseAlarms,
    normalMs,
    falsePerAssetDay: normalMs > 0 ? (falseAlarms * DAY_MS) / normalMs : undefined,
  };
}
