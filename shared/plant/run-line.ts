// Drives one line through a stretch of time: set-points and faults in, readings out.
import type { Sample } from '../features/index.ts';
import type { Random } from '../random/index.ts';
import { CHANNELS, SAMPLE_MS } from './channels.ts';
import type { FaultSchedule } from './fault-schedule.ts';
import { createLineDynamics } from './line-dynamics.ts';
import type { Machine } from './machine.ts';
import { createSensor } from './sensor.ts';
import { ambientAt, createSetPoints } from './set-point.ts';

/** Simulated but not reported before the start, so that heat and faults are in full swing: 6 h. */
export const WARM_UP_MS = 6 * 3_600_000;

export interface Stretch {
  /** Fixes set-points and sensor errors. */
  readonly random: Random;
  readonly machines: readonly Machine[];
  /** One per machine. */
  readonly schedules: readonly FaultSchedule[];
  /** Milliseconds since the epoch; readings have start < time ≤ end. */
  readonly start: number;
  readonly end: number;
}

/** The readings of one line, one array of samples per step. */
export function* runLine(stretch: Stretch): Generator<Sample[]> {
  const { random, machines, schedules, start, end } = stretch;
  const from = start - WARM_UP_MS;
  const setPoints = createSetPoints({ random: random.fork('set-points'), from });
  const dynamics = createLineDynamics(machines);
  const sensors = machines.flatMap(({ asset, nominal }) =>
    CHANNELS.map((name, channel) =>
      createSensor({ random: random.fork(`${asset}/${name}`), channel, nominal: nominal[channel] }),
    ),
  );
  const readings = new Float64Array(sensors.length);
  for (let time = from + SAMPLE_MS; time <= end; time += SAMPLE_MS) {
    const faults = schedules.map((schedule) => schedule.at(time));
    dynamics.step({ setPoint: setPoints(time), ambient: ambientAt(time), time, faults }, readings);
    if (time <= start) continue;
    const samples: Sample[] = [];
    sensors.forEach((measure, index) => {
      const value = measure(readings[index]);
      if (value === undefined) return;
      const { asset } = machines[Math.floor(index / CHANNELS.length)];
      samples.push({ asset, channel: CHANNELS[index % CHANNELS.length], time, value });
    });
    yield samples;
  }
}

/** All lines side by side, so that samples ascend in time over the whole plant. */
export function* interleave(lines: readonly Generator<Sample[]>[]): Generator<Sample> {
  for (;;) {
    for (const line of lines) {
      const { done, value } = line.next();
      if (done) return;
      yield* value;
    }
  }
}
