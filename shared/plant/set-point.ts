// What is asked of a line at a given moment: shifts, product changes, and the
// weather of the hall.
import type { Random } from '../random/index.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Production rate of the early (06–14 h UTC), late (14–22 h) and night shift. */
const SHIFT_RATES = [1, 0.98, 0.94] as const;
/** A product runs for 2 to 6 hours. */
const PRODUCT_MS = { least: 2 * HOUR_MS, most: 6 * HOUR_MS };
/** Products differ by up to this much in rate and in the torque they need. */
const PRODUCT_RATE_SPREAD = 0.03;
const PRODUCT_TORQUE_SPREAD = 0.05;

/** Hall temperature: mean and half range, °C. Warmest at 15 h UTC. */
const AMBIENT_MEAN = 22;
const AMBIENT_SWING = 2;
const WARMEST_MS = 15 * HOUR_MS;

export interface SetPoint {
  /** Relative production rate, about 0.8..1.1. */
  readonly rate: number;
  /** Relative torque the product needs, about 0.9..1.1. */
  readonly torque: number;
}

/** A wave of period 1 from two parabolas: within 6 % of a sine, and exact in every engine. */
function wave(phase: number): number {
  const turn = phase - Math.floor(phase);
  return turn < 0.5 ? 16 * turn * (0.5 - turn) : -16 * (turn - 0.5) * (1 - turn);
}

/** Hall temperature at `time`, °C. */
export function ambientAt(time: number): number {
  return AMBIENT_MEAN + AMBIENT_SWING * wave((time - WARMEST_MS) / DAY_MS + 0.25);
}

function shiftRate(time: number): number {
  const hour = (((time % DAY_MS) + DAY_MS) % DAY_MS) / HOUR_MS;
  if (hour < 6 || hour >= 22) return SHIFT_RATES[2];
  return hour < 14 ? SHIFT_RATES[0] : SHIFT_RATES[1];
}

/** The set-points of one line; ask for ascending times. */
export function createSetPoints(options: {
  readonly random: Random;
  /** Milliseconds since the epoch. */
  readonly from: number;
}): (time: number) => SetPoint {
  const { random } = options;
  let changeAt = options.from;
  let rate = 1;
  let torque = 1;
  return (time) => {
    while (time >= changeAt) {
      rate = 1 + PRODUCT_RATE_SPREAD * (2 * random.next() - 1);
      torque = 1 + PRODUCT_TORQUE_SPREAD * (2 * random.next() - 1);
      changeAt += PRODUCT_MS.least + (PRODUCT_MS.most - PRODUCT_MS.least) * random.next();
    }
    return { rate: rate * shiftRate(time), torque };
  };
}
