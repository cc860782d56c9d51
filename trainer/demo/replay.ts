// Plays days of the plant that training has never seen, as the sensors would send them.
import { setTimeout as delay, setImmediate as yieldToEvents } from 'node:timers/promises';
import { createRowAssembler, type FeatureRow, type Sample } from '@dandan/shared/features';
import type { Plant, Simulation } from '@dandan/shared/plant';
import { createTopics } from '@dandan/shared/wire';
import type { MqttClient } from 'mqtt';
import type { Scoreboard } from './scoreboard.ts';

export interface ReplayOptions {
  readonly plant: Plant;
  readonly client: MqttClient;
  readonly site: string;
  readonly gateway: string;
  readonly scoreboard: Scoreboard;
  /** Samples a second at most; the gateway's own pace when it is slower. */
  readonly samplesPerSecond: number;
  readonly signal: AbortSignal;
}

export interface Day {
  /** Fixes the day's load, faults and noise. */
  readonly seed: number;
  readonly startTime: number;
  readonly durationMs: number;
  /** Called now and then with the share of the day that was sent, 0..1. */
  onShare(share: number): void;
}

export interface Replay {
  /** Sends a day's samples once, in time order. Days must follow each other in time. */
  play(day: Day): Promise<void>;
}

/** Samples that may be under way to the gateway: about a second's worth, so that nothing piles up. */
const MAX_BEHIND = 5000;
const BEHIND_POLL_MS = 5;
/** Lets the MQTT client write and read after this many samples. */
const YIELD_EVERY = 250;

/** Groups the samples of one asset at one time into one message. */
function* messages(samples: Iterable<Sample>): Generator<Sample[]> {
  let group: Sample[] = [];
  for (const sample of samples) {
    const [first] = group;
    if (first && (first.asset !== sample.asset || first.time !== sample.time)) {
      yield group;
      group = [];
    }
    group.push(sample);
  }
  if (group.length > 0) yield group;
}

export function createReplay(options: ReplayOptions): Replay {
  const { plant, client, scoreboard, signal } = options;
  const topics = createTopics(options);
  // The demo's own copy of the rows that are due; it outlives a day, as the gateway's windows do.
  const assembler = createRowAssembler(plant.spec);
  let yesterday: { simulation: Simulation; end: number } | undefined;

  function due(row: FeatureRow, today: Simulation): void {
    const simulation = yesterday && row.time <= yesterday.end ? yesterday.simulation : today;
    scoreboard.rowDue(row.asset, row.time, simulation.truth(row.asset, row.time));
  }

  return {
    async play({ seed, startTime, durationMs, onShare }) {
      const simulation = plant.simulate({ seed, startTime, durationMs });
      const started = performance.now();
      let sent = 0;
      let yieldAt = YIELD_EVERY;
      for (const group of messages(simulation.samples)) {
        signal.throwIfAborted();
        const [{ asset, time }] = group;
        for (const sample of group) {
          for (const row of assembler.push(sample)) due(row, simulation);
        }
        const values = Object.fromEntries(group.map(({ channel, value }) => [channel, value]));
        client.publish(topics.telemetry(asset), JSON.stringify({ t: time, values }), { qos: 1 });
        scoreboard.messageSent(group.length);
        sent += group.length;
        if (sent < yieldAt) continue;
        yieldAt += YIELD_EVERY;
        onShare((time - startTime) / durationMs);
        const aheadMs = (sent / options.samplesPerSecond) * 1000 - (performance.now() - started);
        await (aheadMs > 1 ? delay(aheadMs) : yieldToEvents());
        while (scoreboard.samplesBehind > MAX_BEHIND && !signal.aborted)
          await delay(BEHIND_POLL_MS);
      }
      onShare(1);
      yesterday = { simulation, end: startTime + durationMs };
    },
  };
}
