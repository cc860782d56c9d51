// One channel of one asset: does its value move, does it report, in order and once?
import type { Sample } from '@dandan/shared/features';
import type { QualityConfig } from '../../config/sections/quality.ts';
import { type Conditions, isRaised, type Watched } from './conditions.ts';
import { createUsual, largestUsual, learn, type Usual } from './usual.ts';

/** A condition of a sensor ends with the third sample that speaks against it. */
const GOOD_TO_CLEAR = 3;

/** Shares are those of about the last so many samples. */
const SHARE_OVER = 128;

/** A source that alternates between units is not healed by one sample in the right one. */
const UNITS_TO_CLEAR = 10;

/** What is sent twice after an outage is among the last few; beyond it counts as late. */
const REMEMBERED_TIMES = 8;

export interface ChannelState extends Watched {
  readonly channel: string;
  samples: number;
  lastTime: number;
  lastValue: number;
  lastReceivedAt: number;
  /** First time of the last message. */
  messageTime: number;
  /** Of the value as it is: samples, and arrival of the first. */
  runSamples: number;
  runSince: number;
  runTime: number;
  readonly runs: Usual;
  readonly intervals: Usual;
  /** Times that were seen last, in a ring. */
  readonly recent: number[];
  lateShare: number;
  duplicateShare: number;
  /** Samples that speak against being stuck, silent or in a wrong unit. */
  moves: number;
  arrivals: number;
  unitsGood: number;
}

export type Arrival = 'in-order' | 'late' | 'duplicate';

export function createChannelState(asset: string, channel: string): ChannelState {
  return {
    asset,
    channel,
    raised: undefined,
    samples: 0,
    lastTime: Number.NEGATIVE_INFINITY,
    lastValue: Number.NaN,
    lastReceivedAt: Number.NEGATIVE_INFINITY,
    messageTime: Number.NEGATIVE_INFINITY,
    runSamples: 0,
    runSince: 0,
    runTime: 0,
    runs: createUsual(),
    intervals: createUsual(),
    recent: [],
    lateShare: 0,
    duplicateShare: 0,
    moves: 0,
    arrivals: 0,
    unitsGood: 0,
  };
}

/** Its clock was set: times before say nothing about times from here on. */
export function followClock(state: ChannelState, time: number): void {
  state.lastTime = Number.NEGATIVE_INFINITY;
  state.messageTime = time;
  state.runTime = time;
}

export interface ChannelWatch {
  observe(state: ChannelState, sample: Sample, receivedAt: number): Arrival;
  /** Looks whether it has been silent since `listeningSince` and longer than usual. */
  tick(state: ChannelState, now: number, listeningSince: number): void;
  refuseUnit(state: ChannelState, unit: string, at: number): void;
}

export function createChannelWatch(config: QualityConfig, conditions: Conditions): ChannelWatch {
  const { stuckAfterMs, stuckAfterSamples, silentFactor, silentAfterMs } = config;

  function arrivalOf(state: ChannelState, time: number): Arrival {
    if (time > state.lastTime) return 'in-order';
    return state.recent.includes(time) ? 'duplicate' : 'late';
  }

  function watchInterval(state: ChannelState, time: number, receivedAt: number): void {
    if (receivedAt > state.lastReceivedAt) {
      // Of messages that were held up and come at once, their own times tell the interval.
      const interval = Math.max(receivedAt - state.lastReceivedAt, time - state.messageTime);
      if (Number.isFinite(interval) && !isRaised(state, 'sensor-silent')) {
        learn(state.intervals, interval);
      }
      state.messageTime = time;
    }
    if (!isRaised(state, 'sensor-silent')) return;
    if (++state.arrivals >= GOOD_TO_CLEAR) conditions.clear(state, 'sensor-silent', receivedAt);
  }

  function beginRun(state: ChannelState, { time, value }: Sample, receivedAt: number): void {
    const isStuck = isRaised(state, 'sensor-stuck');
    if (!isStuck && state.runSamples > 0) learn(state.runs, state.runSamples);
    state.runSamples = 1;
    state.runSince = receivedAt;
    state.runTime = time;
    state.lastValue = value;
    if (isStuck && ++state.moves >= GOOD_TO_CLEAR) {
      conditions.clear(state, 'sensor-stuck', receivedAt);
    }
  }

  function watchValue(state: ChannelState, sample: Sample, receivedAt: number): void {
    if (sample.value !== state.lastValue) {
      beginRun(state, sample, receivedAt);
      return;
    }
    state.runSamples++;
    if (state.runSamples < stuckAfterSamples || stuckAfterMs === 0) return;
    if (sample.time - state.runTime < stuckAfterMs || isRaised(state, 'sensor-stuck')) return;
    // A valve or a set-point rests for hours: only what is long for this channel counts.
    const usual = largestUsual(state.runs);
    if (usual === undefined || state.runSamples <= 4 * usual) return;
    state.moves = 0;
    const detail = `${sample.value} in ${state.runSamples} samples; usually ${state.runs.mean.toFixed(1)}`;
    conditions.raise(state, 'sensor-stuck', state.runSince, receivedAt, detail);
  }

  function watchShare(
    state: ChannelState,
    code: 'samples-late' | 'samples-duplicated',
    share: number,
    limit: number,
    at: number,
  ): void {
    if (limit > 0 && share >= limit && state.samples >= SHARE_OVER) {
      const what = code === 'samples-late' ? 'out of order' : 'sent again';
      conditions.raise(state, code, at, at, `${Math.round(100 * share)} % of samples ${what}`);
    } else if (share < limit / 2) {
      conditions.clear(state, code, at);
    }
  }

  return {
    observe(state, sample, receivedAt) {
      const { time, historical } = sample;
      const arrival = arrivalOf(state, time);
      if (!historical) watchInterval(state, time, receivedAt);
      if (arrival === 'in-order') watchValue(state, sample, receivedAt);
      state.recent[state.samples % REMEMBERED_TIMES] = time;
      state.samples++;
      const isLate = arrival === 'late' && !historical ? 1 : 0;
      state.lateShare += (isLate - state.lateShare) / SHARE_OVER;
      state.duplicateShare +=
        ((arrival === 'duplicate' ? 1 : 0) - state.duplicateShare) / SHARE_OVER;
      if (isLate === 1 || state.raised !== undefined) {
        watchShare(state, 'samples-late', state.lateShare, config.lateShare, receivedAt);
      }
      if (arrival === 'duplicate' || state.raised !== undefined) {
        const { duplicateShare } = state;
        watchShare(state, 'samples-duplicated', duplicateShare, config.duplicateShare, receivedAt);
      }
      if (state.raised !== undefined && ++state.unitsGood >= UNITS_TO_CLEAR) {
        conditions.clear(state, 'unit-refused', receivedAt);
      }
      if (arrival === 'in-order') state.lastTime = time;
      state.lastReceivedAt = receivedAt;
      return arrival;
    },
    tick(state, now, listeningSince) {
      const usual = largestUsual(state.intervals);
      if (usual === undefined || silentFactor === 0 || isRaised(state, 'sensor-silent')) return;
      const silentMs = now - Math.max(state.lastReceivedAt, listeningSince);
      if (silentMs <= Math.max(silentAfterMs, silentFactor * usual)) return;
      state.arrivals = 0;
      const detail = `nothing for ${Math.round(now - state.lastReceivedAt)} ms; usually ${Math.round(state.intervals.mean)} ms`;
      conditions.raise(state, 'sensor-silent', state.lastReceivedAt, now, detail);
    },
    refuseUnit(state, unit, at) {
      state.unitsGood = 0;
      conditions.raise(state, 'unit-refused', at, at, `unit '${unit.slice(0, 32)}'`);
    },
  };
}
