// A gateway between a real broker and an edge, with faults at random while telemetry flows, and
// afterwards the account of every sample.
import { createRandom } from '@dandan/shared/random';
import { startMosquitto } from '../mosquitto.ts';
import { type PlantOptions, startPlant } from '../plant.ts';
import { poll } from '../poll.ts';
import { createMessages, expectedPredictions } from '../telemetry.ts';
import { FAULTS, type Fault, type Running, strike } from './faults.ts';
import { judge, type Verdict } from './judge.ts';

export interface ChaosOptions {
  readonly faults: number;
  /** At least so many; two a message. */
  readonly samples: number;
  /** Fixes the telemetry and the sequence of faults; their moments are the machine's. */
  readonly seed: number;
  readonly config?: PlantOptions['config'];
  /** @default {all} */
  readonly kinds?: readonly Fault[];
  /** Called after every fault. @default {nothing} */
  readonly onFault?: (count: number, fault: Fault) => void;
}

export interface ChaosReport extends Verdict {
  readonly samples: number;
  readonly faults: Readonly<Partial<Record<Fault, number>>>;
  readonly seconds: number;
}

const ASSETS = 8;
const STAGES = 1;
/** Times {@linkcode poll} waits for the last answers: on a loaded machine restarts take long. */
const SETTLE_TRIES = 6;

/** Runs until all faults have happened and all answers are there. @throws {Error} when they stay out. */
export async function runChaos(options: ChaosOptions): Promise<ChaosReport> {
  const { faults, samples, seed, config = {}, kinds = FAULTS, onFault } = options;
  const started = performance.now();
  const random = createRandom(seed);
  const plant = await startPlant({ startBroker: startMosquitto, cables: true, config });
  try {
    const running: Running = { plant, gateway: await plant.start() };
    const { channels } = plant.spec;
    const count = Math.ceil(samples / channels.length / ASSETS);
    const messages = createMessages({ spec: plant.spec, assets: ASSETS, count, seed });
    const share = Math.ceil(messages.length / faults);
    const happened: Partial<Record<Fault, number>> = {};
    for (let i = 0; i < faults; i++) {
      const sending = plant.probe.send(messages.slice(i * share, (i + 1) * share));
      const fault = kinds[random.below(kinds.length)];
      await strike(fault, running, random);
      await sending;
      happened[fault] = (happened[fault] ?? 0) + 1;
      onFault?.(i + 1, fault);
    }
    const expected = expectedPredictions(plant.made, plant.spec, messages, STAGES);
    const verdict = () => judge(expected, plant.probe.predictions);
    const isSettled = () => verdict().lost === 0;
    for (let tries = 1; !isSettled() && tries <= SETTLE_TRIES; tries++) {
      await poll('the last answers', isSettled).catch((error: unknown) => {
        if (tries === SETTLE_TRIES) throw new Error(JSON.stringify(verdict()), { cause: error });
      });
    }
    const { pending } = await plant.stop(running.gateway);
    if (pending > 0) throw new Error(`${pending} rows wait although all are answered`);
    return {
      ...verdict(),
      samples: messages.length * channels.length,
      faults: happened,
      seconds: Math.round((performance.now() - started) / 1000),
    };
  } finally {
    await plant.dispose();
  }
}
