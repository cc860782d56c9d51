// When which machine has which fault: drawn before the simulation runs, so that
// the truth is known for every moment.
import type { Random } from '../random/index.ts';
import { type FaultEpisode, LABEL_SEVERITY, NORMAL, PLANT_CLASSES, severityAt } from './faults.ts';

const MINUTE_MS = 60_000;

/** Healthy time between two faults: uniform, mean 150 minutes. */
const GAP_MS = { least: 60 * MINUTE_MS, most: 240 * MINUTE_MS };
/** From first trace to repair: uniform, mean 165 minutes. With the gaps about half of all time is healthy. */
const EPISODE_MS = { least: 90 * MINUTE_MS, most: 240 * MINUTE_MS };
/** Growth of a fault, always shorter than the shortest episode. */
const RAMP_MS = { least: 20 * MINUTE_MS, most: 45 * MINUTE_MS };
/** Largest severity of a fault. */
const PEAK = { least: 0.7, most: 1 };

function uniform(random: Random, range: { least: number; most: number }): number {
  return range.least + (range.most - range.least) * random.next();
}

/** The faults of one machine, in time order, never two at once. */
export interface FaultSchedule {
  readonly episodes: readonly FaultEpisode[];
  /** The episode whose severity is above 0 at `time`, if any. */
  at(time: number): FaultEpisode | undefined;
  /** Class at `time`: the active fault once its severity reaches {@linkcode LABEL_SEVERITY}. */
  truth(time: number): number;
}

/** Every fault there is, as indices into {@linkcode PLANT_CLASSES}. */
const ALL_FAULTS: readonly number[] = PLANT_CLASSES.map((_, index) => index).slice(1);

/** Draws the faults between two moments. Every kind comes up equally often. */
export function createFaultSchedule(options: {
  readonly random: Random;
  /** Milliseconds since the epoch. */
  readonly from: number;
  readonly until: number;
  /** Those that occur, as indices into {@linkcode PLANT_CLASSES}. @default {all} */
  readonly faults?: readonly number[] | undefined;
}): FaultSchedule {
  const { random, from, until, faults = ALL_FAULTS } = options;
  const episodes: FaultEpisode[] = [];
  let bag: number[] = [];
  // The first gap is cut at a random place: machines must not fail in step.
  let time = from + uniform(random, GAP_MS) * random.next();
  while (time < until) {
    if (bag.length === 0) bag = random.shuffle([...faults]);
    const end = time + uniform(random, EPISODE_MS);
    const rampMs = uniform(random, RAMP_MS);
    episodes.push({ fault: bag.pop() ?? 1, begin: time, rampMs, peak: uniform(random, PEAK), end });
    time = end + uniform(random, GAP_MS);
  }

  function at(moment: number): FaultEpisode | undefined {
    let low = 0;
    let high = episodes.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (episodes[middle].end > moment) high = middle;
      else low = middle + 1;
    }
    const episode = episodes[low];
    return episode !== undefined && severityAt(episode, moment) > 0 ? episode : undefined;
  }

  return {
    episodes,
    at,
    truth(moment) {
      const episode = at(moment);
      if (episode === undefined || severityAt(episode, moment) < LABEL_SEVERITY) return NORMAL;
      return episode.fault;
    },
  };
}
