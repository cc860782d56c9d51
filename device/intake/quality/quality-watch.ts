// Watches the samples of every channel for what people must know: sensors that are stuck or silent,
// samples that come late or twice, units that do not fit, clocks that jump or are wrong.
import type { Sample } from '@dandan/shared/features';
import type { QualityConfig } from '../../config/sections/quality.ts';
import {
  type ChannelState,
  createChannelState,
  createChannelWatch,
  followClock,
} from './channel-watch.ts';
import { type ClockState, createClockState, createClockWatch } from './clock-watch.ts';
import { createConditions, type QualityEvent } from './conditions.ts';

/** 0.7 kB each, 35 MB in all. Channels beyond are counted but not watched. */
export const MAX_WATCHED_CHANNELS = 50_000;

export interface QualityWatchOptions {
  readonly config: QualityConfig;
  /** Hears of every condition when it begins and when it ends. */
  readonly onEvent: (event: QualityEvent) => void;
  /** @default {MAX_WATCHED_CHANNELS} */
  readonly maxChannels?: number;
}

/** Running counts, and how much holds now. */
export interface QualityCounters {
  readonly samples: number;
  readonly late: number;
  readonly duplicates: number;
  readonly historical: number;
  readonly unitsConverted: number;
  readonly unitsRefused: number;
  readonly clockJumps: number;
  /** Times that the condition was raised. */
  readonly stuckSensors: number;
  readonly silentSensors: number;
  readonly skewedClocks: number;
  /** Samples of channels beyond the limit. */
  readonly unwatched: number;
  readonly watchedChannels: number;
  /** Conditions that hold now. */
  readonly activeConditions: number;
}

export interface QualityWatch {
  /** Takes a sample as it goes to the windows; `converted`: its unit was not the channel's. */
  observe(sample: Sample, receivedAt: number, converted?: boolean): void;
  /** Takes a sample that was refused for its unit. */
  refuseUnit(sample: Sample, receivedAt: number): void;
  /**
   * Looks for sensors that have fallen silent, at wall clock `now`. Silence before `listeningSince`,
   * while this gateway itself was not listening, does not count.
   */
  tick(now: number, listeningSince?: number): void;
  /** Forgets an asset that is gone, and ends its conditions. */
  drop(asset: string, at: number): void;
  snapshot(): QualityCounters;
  /** Conditions that hold now, the oldest first. */
  active(): QualityEvent[];
}

interface AssetState {
  readonly clock: ClockState;
  readonly channels: Map<string, ChannelState>;
}

/** Memory is bounded, no clock is read, and nothing of it needs to survive a restart. */
export function createQualityWatch(options: QualityWatchOptions): QualityWatch {
  const { config, onEvent, maxChannels = MAX_WATCHED_CHANNELS } = options;
  const conditions = createConditions(onEvent);
  const channelWatch = createChannelWatch(config, conditions);
  const observeClock = createClockWatch(config, conditions);
  const assets = new Map<string, AssetState>();
  let watchedChannels = 0;
  const counters = {
    samples: 0,
    late: 0,
    duplicates: 0,
    historical: 0,
    unitsConverted: 0,
    unitsRefused: 0,
    clockJumps: 0,
    unwatched: 0,
  };

  /** `undefined` where there is no room for another channel. */
  function stateOf(asset: string, channel: string): [AssetState, ChannelState] | undefined {
    let state = assets.get(asset);
    let own = state?.channels.get(channel);
    if (own === undefined) {
      if (watchedChannels >= maxChannels) return undefined;
      state ??= { clock: createClockState(asset), channels: new Map() };
      own = createChannelState(asset, channel);
      state.channels.set(channel, own);
      assets.set(asset, state);
      watchedChannels++;
    }
    return [state!, own];
  }

  return {
    observe(sample, receivedAt, converted = false) {
      counters.samples++;
      if (converted) counters.unitsConverted++;
      if (sample.historical) counters.historical++;
      const states = stateOf(sample.asset, sample.channel);
      if (states === undefined) {
        counters.unwatched++;
        return;
      }
      const [asset, channel] = states;
      const jumped = !sample.historical && observeClock(asset.clock, sample, receivedAt);
      if (jumped) {
        counters.clockJumps++;
        // What was the latest time is none of the new clock's.
        for (const own of asset.channels.values()) followClock(own, sample.time);
      }
      const arrival = channelWatch.observe(channel, sample, receivedAt);
      if (arrival === 'late' && !sample.historical) counters.late++;
      else if (arrival === 'duplicate') counters.duplicates++;
    },
    refuseUnit({ asset, channel, unit = '' }, receivedAt) {
      counters.unitsRefused++;
      const states = stateOf(asset, channel);
      if (states !== undefined) channelWatch.refuseUnit(states[1], unit, receivedAt);
    },
    tick(now, listeningSince = Number.NEGATIVE_INFINITY) {
      for (const { channels } of assets.values()) {
        for (const channel of channels.values()) channelWatch.tick(channel, now, listeningSince);
      }
    },
    drop(asset, at) {
      const state = assets.get(asset);
      if (state === undefined) return;
      for (const watched of [state.clock, ...state.channels.values()]) {
        conditions.clearAll(watched, at);
      }
      watchedChannels -= state.channels.size;
      assets.delete(asset);
    },
    snapshot() {
      const raised = conditions.counts();
      return {
        ...counters,
        stuckSensors: raised['sensor-stuck'],
        silentSensors: raised['sensor-silent'],
        skewedClocks: raised['clock-skewed'],
        watchedChannels,
        activeConditions: conditions.active().length,
      };
    },
    active: () => conditions.active(),
  };
}
