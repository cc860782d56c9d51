// The machines of a plant: every one has an operating point of its own, so that
// a reading that is healthy here is a fault there.
import type { Random } from '../random/index.ts';
import { CURRENT, FLOW, type PerChannel, PRESSURE, TEMPERATURE, VIBRATION } from './channels.ts';

export interface Machine {
  readonly asset: string;
  /** 0-based line, and 0-based place in it counted from the inlet. */
  readonly line: number;
  readonly place: number;
  /** Healthy reading of each channel at full rate; temperature as rise over ambient. */
  readonly nominal: PerChannel;
  /** Thermal time constant, seconds. */
  readonly thermalSeconds: number;
  /** Transport delay of the product to the next machine, in simulation steps. */
  readonly delaySteps: number;
}

/** Spread of operating points between machines: value = centre · (1 ± spread), uniform. */
const OPERATING_POINT: Readonly<Record<number, { centre: number; spread: number }>> = {
  [VIBRATION]: { centre: 2.2, spread: 0.12 },
  [TEMPERATURE]: { centre: 32, spread: 0.08 },
  [CURRENT]: { centre: 24, spread: 0.08 },
  [FLOW]: { centre: 90, spread: 0.06 },
  [PRESSURE]: { centre: 4.5, spread: 0.06 },
};

/** Between two machines of one line the flow meters differ by this much only: it is the same flow. */
const METER_SPREAD = 0.03;
const THERMAL_SECONDS = { least: 480, most: 900 };
/** 2 to 5 minutes at 30 s a step. */
const DELAY_STEPS = { least: 4, most: 10 };

function around(random: Random, channel: number): number {
  const { centre, spread } = OPERATING_POINT[channel];
  return centre * (1 + spread * (2 * random.next() - 1));
}

/** Draws the machines of one line, inlet first. */
export function createLine(options: {
  readonly random: Random;
  readonly line: number;
  readonly machines: number;
}): Machine[] {
  const { random, line, machines } = options;
  const lineFlow = around(random, FLOW);
  return Array.from({ length: machines }, (_, place) => ({
    asset: `line-${line + 1}-machine-${place + 1}`,
    line,
    place,
    nominal: [
      around(random, VIBRATION),
      around(random, TEMPERATURE),
      around(random, CURRENT),
      lineFlow * (1 + METER_SPREAD * (2 * random.next() - 1)),
      around(random, PRESSURE),
    ],
    thermalSeconds:
      THERMAL_SECONDS.least + (THERMAL_SECONDS.most - THERMAL_SECONDS.least) * random.next(),
    delaySteps: DELAY_STEPS.least + random.below(DELAY_STEPS.most - DELAY_STEPS.least + 1),
  }));
}
