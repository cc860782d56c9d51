import { expect, test } from 'vitest';
import { createRandom } from '../random/index.ts';
import {
  CHANNELS,
  CURRENT,
  FLOW,
  PRESSURE,
  SAMPLE_MS,
  TEMPERATURE,
  VIBRATION,
} from './channels.ts';
import {
  BEARING_WEAR,
  BELT_SLIP,
  BLOCKAGE,
  COOLING_LOSS,
  type FaultEpisode,
  LEAK,
} from './faults.ts';
import { createLineDynamics } from './line-dynamics.ts';
import { createLine } from './machine.ts';

const MACHINES = 5;
/** Six hours: everything has settled. */
const SETTLED = 720;

/**
 * Runs a line with a full-blown fault at machine `place` from step SETTLED on;
 * readings relative to the healthy ones at the same step: [step][machine, channel].
 */
function runFault(fault: number, place: number, steps = 240): Float64Array[] {
  const machines = createLine({ random: createRandom(1), line: 0, machines: MACHINES });
  const run = (faulty: boolean) => {
    const dynamics = createLineDynamics(machines);
    return Array.from({ length: SETTLED + steps }, (_, step) => {
      const readings = new Float64Array(MACHINES * CHANNELS.length);
      const begin = SETTLED * SAMPLE_MS;
      const episode: FaultEpisode = { fault, begin, rampMs: 1, peak: 1, end: 1e12 };
      const faults = machines.map((_, i) => (faulty && i === place ? episode : undefined));
      const setPoint = { rate: 1, torque: 1 };
      dynamics.step({ setPoint, ambient: 20, time: step * SAMPLE_MS, faults }, readings);
      return readings;
    });
  };
  const healthy = run(false);
  return run(true).map((readings, step) => readings.map((value, i) => value / healthy[step][i]));
}

function at(readings: Float64Array, machine: number, channel: number): number {
  return readings[machine * CHANNELS.length + channel];
}

/** First step after the onset at which the reading is off by more than `part`. */
function firstStep(run: Float64Array[], machine: number, channel: number, part: number): number {
  return run.findIndex((readings) => Math.abs(at(readings, machine, channel) - 1) > part) - SETTLED;
}

test('a line without faults stays where it settled', () => {
  const machines = createLine({ random: createRandom(1), line: 0, machines: MACHINES });
  const dynamics = createLineDynamics(machines);
  const readings = new Float64Array(MACHINES * CHANNELS.length);
  const step = (time: number) =>
    dynamics.step(
      {
        setPoint: { rate: 1, torque: 1 },
        ambient: 20,
        time,
        faults: machines.map(() => undefined),
      },
      readings,
    );
  for (let i = 0; i < SETTLED; i++) step(i);
  const settled = readings.slice();
  for (let i = 0; i < 100; i++) step(i);
  machines.forEach(({ nominal }, i) => {
    for (const channel of [VIBRATION, CURRENT, FLOW, PRESSURE]) {
      expect(settled[i * 5 + channel]).toBeCloseTo(nominal[channel], 3);
    }
    expect(settled[i * 5 + TEMPERATURE]).toBeCloseTo(20 + nominal[TEMPERATURE], 2);
  });
  readings.forEach((value, i) => {
    expect(value).toBeCloseTo(settled[i], 3);
  });
});

test('a blockage lowers the flow downstream after the transport delay, machine by machine', () => {
  const run = runFault(BLOCKAGE, 1);
  const machines = createLine({ random: createRandom(1), line: 0, machines: MACHINES });
  const end = run[run.length - 1];
  expect(at(end, 1, FLOW)).toBeLessThan(0.75);
  expect(at(end, 2, FLOW)).toBeLessThan(0.9);
  expect(at(end, 0, FLOW)).toBeCloseTo(1, 6);
  // Nothing reaches the next machine before the product does.
  const first = [1, 2, 3].map((machine) => firstStep(run, machine, FLOW, 1e-9));
  expect(first[1] - first[0]).toBe(machines[1].delaySteps);
  expect(first[2] - first[1]).toBe(machines[2].delaySteps);
  // Buffers make up for part of it: the loss fades along the line.
  expect(at(end, 3, FLOW)).toBeGreaterThan(at(end, 2, FLOW));
});

test('a blockage raises the pressure at the machine and, less, upstream', () => {
  const end = runFault(BLOCKAGE, 2).at(-1)!;
  const pressures = [2, 1, 0].map((machine) => at(end, machine, PRESSURE));
  expect(pressures[0]).toBeGreaterThan(1.2);
  expect(pressures[1]).toBeGreaterThan(1.1);
  expect(pressures[2]).toBeGreaterThan(1.02);
  expect(pressures[2]).toBeLessThan(pressures[1]);
});

test('a leak lowers pressure at the machine and flow behind it, not before it', () => {
  const end = runFault(LEAK, 2).at(-1)!;
  expect(at(end, 2, PRESSURE)).toBeLessThan(0.7);
  expect(at(end, 2, FLOW)).toBeCloseTo(1, 6);
  expect(at(end, 3, FLOW)).toBeLessThan(0.9);
  expect(at(end, 1, PRESSURE)).toBeCloseTo(1, 6);
});

test('cooling loss heats with the thermal time constant and warms the next machine', () => {
  const run = runFault(COOLING_LOSS, 1);
  const end = run.at(-1)!;
  expect(at(end, 1, TEMPERATURE)).toBeGreaterThan(1.4);
  expect(at(end, 2, TEMPERATURE)).toBeGreaterThan(1.03);
  const afterTwoMinutes = run[SETTLED + 4];
  expect(at(afterTwoMinutes, 1, TEMPERATURE)).toBeLessThan(1.25);
  expect(at(end, 1, FLOW)).toBeCloseTo(1, 6);
});

test('bearing wear and belt slip share vibration, heat and current; only slip costs flow', () => {
  const bearing = runFault(BEARING_WEAR, 1).at(-1)!;
  const slip = runFault(BELT_SLIP, 1).at(-1)!;
  for (const end of [bearing, slip]) {
    expect(at(end, 1, VIBRATION)).toBeGreaterThan(1.15);
    expect(at(end, 1, TEMPERATURE)).toBeGreaterThan(1.1);
    // The machine before feels it through the frame.
    expect(at(end, 0, VIBRATION)).toBeGreaterThan(1.01);
  }
  expect(at(bearing, 1, CURRENT)).toBeGreaterThan(1.1);
  expect(at(bearing, 1, FLOW)).toBeCloseTo(1, 6);
  expect(at(slip, 1, FLOW)).toBeLessThan(0.85);
});
