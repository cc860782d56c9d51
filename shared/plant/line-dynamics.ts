// The physics of one line: machines in series coupled by flow, pressure, heat and
// vibration. The equations are written out in trainer/plant/README.md, with the same symbols.
import { CURRENT, FLOW, PRESSURE, SAMPLE_MS, TEMPERATURE, VIBRATION } from './channels.ts';
import {
  BEARING_WEAR,
  BELT_SLIP,
  BLOCKAGE,
  COOLING_LOSS,
  type FaultEpisode,
  LEAK,
  severityAt,
} from './faults.ts';
import type { Machine } from './machine.ts';
import type { SetPoint } from './set-point.ts';

const STEP_SECONDS = SAMPLE_MS / 1000;
/** Inertia of the product in the pipe and of the drive, seconds. */
const FLOW_SECONDS = 90;
const RATE_SECONDS = 240;
/** Share of a shortfall of feed that the buffer between two machines makes up for. */
const BUFFERED = 0.5;
/** Share of a blockage's back-pressure that reaches the next machine upstream. */
const BACK_PRESSURE = 0.4;
/** Share of a machine's excess temperature that its product carries to the next one. */
const CARRIED_HEAT = 0.15;
/** Share of the neighbours' excess vibration felt through the frame. */
const CROSS_TALK = 0.08;

/** Effect of each fault at severity 1, relative to the nominal value it acts on. */
const EFFECT = {
  bearingVibration: 1.1,
  bearingCurrent: 0.15,
  bearingHeat: 0.3,
  lostCooling: 0.55,
  blockedFlow: 0.35,
  blockedPressure: 0.6,
  blockedVibration: 0.35,
  leakFlow: 0.3,
  leakPressure: 0.45,
  slipFlow: 0.25,
  slipSpeed: 0.15,
  slipCurrent: 0.3,
  slipVibration: 0.6,
  slipHeat: 0.25,
} as const;

/** Backward Euler of a first-order lag: stable for any step, and free of exp(). */
function lag(value: number, target: number, seconds: number): number {
  return value + ((target - value) * STEP_SECONDS) / (seconds + STEP_SECONDS);
}

interface MachineState {
  /** Relative to nominal. */
  rate: number;
  flow: number;
  outflow: number;
  pressure: number;
  vibration: number;
  /** °C above ambient. */
  rise: number;
  current: number;
  /** Outflow and rise of the past, a ring of `delaySteps`. */
  readonly outflows: Float64Array;
  readonly rises: Float64Array;
}

export interface StepInput {
  readonly setPoint: SetPoint;
  /** °C. */
  readonly ambient: number;
  /** Milliseconds since the epoch. */
  readonly time: number;
  /** The fault of each machine, if any. */
  readonly faults: readonly (FaultEpisode | undefined)[];
}

/** One line in motion. */
export interface LineDynamics {
  /** Advances by one step and writes the true readings, float64 [machines, channels]. */
  step(input: StepInput, readings: Float64Array): void;
}

export function createLineDynamics(machines: readonly Machine[]): LineDynamics {
  const states = machines.map<MachineState>(({ nominal, delaySteps }) => ({
    rate: 1,
    flow: 1,
    outflow: 1,
    pressure: 1,
    vibration: 1,
    rise: nominal[TEMPERATURE],
    current: 1,
    outflows: new Float64Array(delaySteps).fill(1),
    rises: new Float64Array(delaySteps).fill(nominal[TEMPERATURE]),
  }));
  let tick = 0;

  function severity(input: StepInput, index: number, fault: number): number {
    const episode = input.faults[index];
    return episode?.fault === fault ? severityAt(episode, input.time) : 0;
  }

  /** Feed and carried heat arrive as the machine before gave them `delaySteps` ago. */
  function arriving(index: number, kind: 'outflows' | 'rises'): number {
    const ring = states[index - 1][kind];
    return ring[tick % ring.length];
  }

  function stepFlow(input: StepInput): void {
    states.forEach((state, i) => {
      const slip = severity(input, i, BELT_SLIP);
      const block = severity(input, i, BLOCKAGE);
      state.rate = lag(state.rate, input.setPoint.rate, RATE_SECONDS);
      const shortfall = i === 0 ? 0 : state.rate - arriving(i, 'outflows');
      const feed = state.rate - (1 - BUFFERED) * shortfall;
      state.flow = lag(
        state.flow,
        feed * (1 - EFFECT.blockedFlow * block) * (1 - EFFECT.slipFlow * slip),
        FLOW_SECONDS,
      );
      state.outflow = state.flow * (1 - EFFECT.leakFlow * severity(input, i, LEAK));
    });
  }

  function stepPressure(input: StepInput): void {
    let back = 0;
    for (let i = states.length - 1; i >= 0; i--) {
      const state = states[i];
      const block = EFFECT.blockedPressure * severity(input, i, BLOCKAGE);
      const leak = EFFECT.leakPressure * severity(input, i, LEAK);
      const target = 0.5 + 0.5 * state.flow * state.flow + block + back - leak;
      state.pressure = lag(state.pressure, target, FLOW_SECONDS);
      back = BACK_PRESSURE * (block + back);
    }
  }

  function stepDrive(input: StepInput): void {
    states.forEach((state, i) => {
      const bearing = severity(input, i, BEARING_WEAR);
      const slip = severity(input, i, BELT_SLIP);
      const torque = input.setPoint.torque * (0.55 + 0.45 * state.pressure * state.flow);
      const hot = state.rise / machines[i].nominal[TEMPERATURE] - 1;
      const drawn =
        0.25 +
        0.75 * torque +
        EFFECT.bearingCurrent * bearing +
        EFFECT.slipCurrent * slip +
        0.05 * hot;
      state.current = lag(state.current, drawn, STEP_SECONDS);
      const speed = state.rate * (1 - EFFECT.slipSpeed * slip);
      const shaking =
        0.6 * speed * speed +
        0.4 * torque +
        EFFECT.bearingVibration * bearing +
        EFFECT.slipVibration * slip +
        EFFECT.blockedVibration * severity(input, i, BLOCKAGE);
      const before = states[i - 1]?.vibration ?? 1;
      const after = states[i + 1]?.vibration ?? 1;
      state.vibration = lag(
        state.vibration,
        shaking + CROSS_TALK * (before + after - 2),
        STEP_SECONDS,
      );
    });
  }

  function stepHeat(input: StepInput): void {
    states.forEach((state, i) => {
      const { nominal, thermalSeconds } = machines[i];
      const cooling = 1 - EFFECT.lostCooling * severity(input, i, COOLING_LOSS);
      const friction =
        EFFECT.bearingHeat * severity(input, i, BEARING_WEAR) +
        EFFECT.slipHeat * severity(input, i, BELT_SLIP);
      const carried =
        i === 0 ? 0 : CARRIED_HEAT * (arriving(i, 'rises') - machines[i - 1].nominal[TEMPERATURE]);
      const heat = state.current * state.current + friction;
      const target = (nominal[TEMPERATURE] * heat + carried) / cooling;
      state.rise = lag(state.rise, target, thermalSeconds / cooling);
    });
  }

  return {
    step(input, readings) {
      stepFlow(input);
      stepPressure(input);
      stepDrive(input);
      stepHeat(input);
      states.forEach((state, i) => {
        const { nominal } = machines[i];
        const at = i * nominal.length;
        state.outflows[tick % state.outflows.length] = state.outflow;
        state.rises[tick % state.rises.length] = state.rise;
        readings[at + VIBRATION] = nominal[VIBRATION] * state.vibration;
        readings[at + TEMPERATURE] = input.ambient + state.rise;
        readings[at + CURRENT] = nominal[CURRENT] * state.current;
        readings[at + FLOW] = nominal[FLOW] * state.flow;
        readings[at + PRESSURE] = nominal[PRESSURE] * state.pressure;
      });
      tick++;
    },
  };
}
