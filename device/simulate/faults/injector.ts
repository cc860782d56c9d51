// All faults in a row: samples in, timed messages out. A seed fixes every byte.
import { createRandom } from '@dandan/shared/random';
import { createEncoder, type EncoderOptions } from '../messages.ts';
import { injectGaps, injectNoise, injectStuck, injectUnitMistakes } from './channel-faults.ts';
import type { SentSample, TellTruth, TimedMessage, Transform } from './fault.ts';
import { injectGarbage } from './garbage.ts';
import {
  injectDrops,
  injectDuplicates,
  injectLateness,
  injectOutages,
  injectRetained,
} from './message-faults.ts';
import { checkPlan, type FaultPlan } from './plan.ts';
import { createReleaseQueue } from './release-queue.ts';
import { injectSkew } from './skew.ts';

export interface InjectorOptions extends EncoderOptions {
  readonly plan: FaultPlan;
  readonly seed: number;
  /** Unit of each channel, where known. @default {none} */
  readonly units?: ReadonlyMap<string, string>;
  /** Told of every fault as it is injected. @default {nobody} */
  readonly tell?: TellTruth;
}

export interface Injector {
  /** Messages that are due once this sample is. `sentAt` must never fall. */
  push(sample: SentSample): Generator<TimedMessage>;
  /** What is still held back. */
  end(): Generator<TimedMessage>;
}

function* through<Item>(
  transforms: readonly Transform<Item>[],
  item: Item,
  from = 0,
): Generator<Item> {
  if (from === transforms.length) {
    yield item;
    return;
  }
  for (const next of transforms[from](item)) yield* through(transforms, next, from + 1);
}

/** @throws {InputError} `option-invalid`, `topic-invalid`. */
export function createInjector(options: InjectorOptions): Injector {
  const { plan, seed, units = new Map(), tell = () => {} } = options;
  const { gap, unit, noise, stuck, skew, drop, duplicate, retained, garbage } = checkPlan(plan);
  const { outage, latency, reorderMs = 0 } = plan;
  // A stream of numbers for each fault, so that adding one leaves the others as they were.
  const random = (fault: string) => createRandom(seed).fork(fault);
  const onSamples: Transform<SentSample>[] = [];
  if (gap) onSamples.push(injectGaps({ random: random('gap'), plan: gap, tell }));
  if (unit) onSamples.push(injectUnitMistakes({ random: random('unit'), plan: unit, units, tell }));
  if (noise) onSamples.push(injectNoise({ random: random('noise'), factor: noise, tell }));
  if (stuck) onSamples.push(injectStuck({ random: random('stuck'), plan: stuck, tell }));
  if (skew?.length) onSamples.push(injectSkew({ plans: skew, tell }));
  const onMessages: Transform<TimedMessage>[] = [];
  const share = (fault: string, value: number) => ({ random: random(fault), share: value, tell });
  if (drop) onMessages.push(injectDrops(share('drop', drop)));
  if (retained) onMessages.push(injectRetained(share('retained', retained)));
  if (duplicate) onMessages.push(injectDuplicates(share('duplicate', duplicate)));
  if (garbage) onMessages.push(injectGarbage(share('garbage', garbage)));
  if (outage) onMessages.push(injectOutages({ random: random('outage'), plan: outage, tell }));
  if (latency || reorderMs > 0) {
    onMessages.push(injectLateness({ random: random('lateness'), latency, reorderMs, tell }));
  }
  const encoder = createEncoder(options);
  const queue = createReleaseQueue();

  function* deliver(messages: Iterable<TimedMessage>, until: number): Generator<TimedMessage> {
    for (const message of messages) {
      for (const sent of through(onMessages, message)) queue.add(sent);
    }
    yield* queue.release(until);
  }

  return {
    *push(sample) {
      const messages: TimedMessage[] = [];
      for (const sent of through(onSamples, sample)) messages.push(...encoder.add(sent));
      // What the encoder still holds leaves no earlier than this.
      yield* deliver(messages, encoder.earliest ?? sample.sentAt);
    },
    end: () => deliver(encoder.end(), Number.POSITIVE_INFINITY),
  };
}
