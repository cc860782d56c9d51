// A judgement of alarms as the few numbers that people ask for.
import {
  type AlarmJudgement,
  DAY_MS,
  type JudgedIncident,
} from '../../../evaluate/incidents/index.ts';
import type { JudgedIncidents } from './incident-facts.ts';

export interface DelayNumbers {
  /** Incidents whose begin was watched: of the others nobody knows when they began. */
  readonly judged: number;
  /** Those that some alarm told while they lasted, or before. */
  readonly seen: number;
  /** Those whose very class was told. */
  readonly named: number;
  /** Those that were told before the labelled begin. */
  readonly early: number;
  /** Of those seen, milliseconds after the begin; negative: before. */
  readonly medianMs: number | undefined;
  readonly fastestMs: number | undefined;
  readonly slowestMs: number | undefined;
}

export interface IncidentNumbers extends DelayNumbers {
  /** Of all watched assets together, in a day in which nothing is wrong. */
  readonly falsePerDay: number | undefined;
}

export function delayNumbers(incidents: readonly JudgedIncident[]): DelayNumbers {
  const begun = incidents.filter(({ begins }) => begins);
  const delays = begun
    .flatMap(({ noticedMs }) => (noticedMs === undefined ? [] : [noticedMs]))
    .sort((a, b) => a - b);
  return {
    judged: begun.length,
    seen: delays.length,
    named: begun.filter(({ namedMs }) => namedMs !== undefined).length,
    early: delays.filter((delay) => delay < 0).length,
    // The upper of two in the middle: "half within" is then true.
    medianMs: delays[Math.floor(delays.length / 2)],
    fastestMs: delays[0],
    slowestMs: delays.at(-1),
  };
}

export function incidentNumbers(
  { assets }: Pick<JudgedIncidents, 'assets'>,
  judgement: AlarmJudgement,
): IncidentNumbers {
  const { falsePerAssetDay, incidents } = judgement;
  return {
    ...delayNumbers(incidents),
    falsePerDay: falsePerAssetDay === undefined ? undefined : falsePerAssetDay * assets,
  };
}

/** Days that all assets were normal while watched. */
export const normalDays = ({ normalMs }: AlarmJudgement): number => normalMs / DAY_MS;
