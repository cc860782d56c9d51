// The clock of one asset: does it go on, and does it agree with this machine's?
import { CLOCK_JUMP_SAMPLES, type Sample } from '@dandan/shared/features';
import type { QualityConfig } from '../../config/sections/quality.ts';
import { type Conditions, isRaised, type Watched } from './conditions.ts';

/** A backlog arrives within seconds; a clock that is wrong stays wrong. */
const LASTS_MS = 60_000;

/** And in as many samples. */
const LASTS_SAMPLES = 16;

export interface ClockState extends Watched {
  readonly channel: null;
  latest: number;
  /** Arrival of the latest time. */
  latestReceivedAt: number;
  /** Consecutive changes of time that are behind, and the last of them. */
  behind: number;
  behindTime: number;
  /** Since when, and for how many samples, it is too far from this machine's clock. */
  skewedSince: number;
  skewedSamples: number;
  /** Samples that are near enough, in a row. */
  nearSamples: number;
  jumpedAt: number;
}

export function createClockState(asset: string): ClockState {
  return {
    asset,
    channel: null,
    raised: undefined,
    latest: Number.NEGATIVE_INFINITY,
    latestReceivedAt: Number.NEGATIVE_INFINITY,
    behind: 0,
    behindTime: 0,
    skewedSince: 0,
    skewedSamples: 0,
    nearSamples: 0,
    jumpedAt: 0,
  };
}

const inSeconds = (ms: number) => `${Math.round(Math.abs(ms) / 1000)} s`;

/** Takes samples that are not historical. */
export function createClockWatch(config: QualityConfig, conditions: Conditions) {
  const { clockJumpMs, clockSkewMs } = config;

  function jump(state: ClockState, step: number, at: number): void {
    state.behind = 0;
    state.jumpedAt = at;
    const detail = `${step < 0 ? 'back' : 'ahead'} by ${inSeconds(step)}`;
    conditions.raise(state, 'clock-jumped', at, at, detail);
  }

  /** Returns whether the sample shows a jump, by the rule of the windows and for steps of its own size. */
  function watchJump(state: ClockState, time: number, receivedAt: number): boolean {
    const step = time - state.latest;
    const passed = receivedAt - state.latestReceivedAt;
    if (step < -clockJumpMs) {
      if (state.behind === 0 || time !== state.behindTime) state.behind++;
      state.behindTime = time;
      if (state.behind < CLOCK_JUMP_SAMPLES) return false;
      jump(state, step - passed, receivedAt);
      state.latest = time;
      state.latestReceivedAt = receivedAt;
      return true;
    }
    state.behind = 0;
    if (step <= 0) return false;
    const isAhead = step > passed + clockJumpMs && time > receivedAt + clockJumpMs;
    if (isAhead) jump(state, step - passed, receivedAt);
    state.latest = time;
    state.latestReceivedAt = receivedAt;
    return isAhead;
  }

  function watchSkew(state: ClockState, offset: number, receivedAt: number): void {
    if (Math.abs(offset) > clockSkewMs) {
      state.nearSamples = 0;
      if (state.skewedSamples++ === 0) state.skewedSince = receivedAt;
      const lasts = receivedAt - state.skewedSince >= LASTS_MS;
      if (!lasts || state.skewedSamples < LASTS_SAMPLES) return;
      const detail = `${inSeconds(offset)} ${offset < 0 ? 'behind' : 'ahead'}`;
      conditions.raise(state, 'clock-skewed', state.skewedSince, receivedAt, detail);
      return;
    }
    state.skewedSamples = 0;
    if (Math.abs(offset) > clockSkewMs / 2) return;
    if (++state.nearSamples >= LASTS_SAMPLES) conditions.clear(state, 'clock-skewed', receivedAt);
  }

  return function observe(state: ClockState, { time }: Sample, receivedAt: number): boolean {
    const jumped = clockJumpMs > 0 && watchJump(state, time, receivedAt);
    if (clockSkewMs > 0) watchSkew(state, time - receivedAt, receivedAt);
    if (isRaised(state, 'clock-jumped') && receivedAt - state.jumpedAt >= LASTS_MS) {
      conditions.clear(state, 'clock-jumped', receivedAt);
    }
    return jumped;
  };
}
