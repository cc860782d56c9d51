// Faults on the way to the broker: loss, outages, copies, retained messages, lateness.
import type { Random } from '@dandan/shared/random';
import type { TellTruth, TimedMessage, Transform } from './fault.ts';
import type { FaultPlan } from './plan.ts';
import { createSpells, type Spell } from './spells.ts';

/** A copy follows its original within this time, as a client that saw no PUBACK sends it. */
const COPY_WITHIN_MS = 2000;

interface ShareOptions {
  readonly random: Random;
  /** 0..1. */
  readonly share: number;
  readonly tell: TellTruth;
}

const about = ({ sentAt: from, asset, topic }: TimedMessage) => ({ from, asset, topic });

/** Loses messages. */
export function injectDrops({ random, share, tell }: ShareOptions): Transform<TimedMessage> {
  return function* (message) {
    if (random.next() >= share) yield message;
    else tell({ fault: 'drop', ...about(message), amount: message.samples });
  };
}

/** Sends messages twice. `amount`: milliseconds between the two. */
export function injectDuplicates({ random, share, tell }: ShareOptions): Transform<TimedMessage> {
  return function* (message) {
    yield message;
    if (random.next() >= share) return;
    const amount = random.below(COPY_WITHIN_MS);
    tell({ fault: 'duplicate', ...about(message), amount });
    yield { ...message, sentAt: message.sentAt + amount };
  };
}

/** Sets the retain flag. */
export function injectRetained({ random, share, tell }: ShareOptions): Transform<TimedMessage> {
  return function* (message) {
    const retain = random.next() < share;
    if (retain) tell({ fault: 'retained', ...about(message) });
    yield retain ? { ...message, retain } : message;
  };
}

/** Nothing gets through for a while; `keeps`: it comes when the spell ends. */
export function injectOutages(options: {
  readonly random: Random;
  readonly plan: NonNullable<FaultPlan['outage']>;
  readonly tell: TellTruth;
}): Transform<TimedMessage> {
  const { random, plan, tell } = options;
  const spells = createSpells(random, plan);
  let told: Spell | undefined;
  let latest = Number.NEGATIVE_INFINITY;
  return function* (message) {
    // Copies may be later than what follows them; spells are asked in order.
    latest = Math.max(latest, message.sentAt);
    const spell = spells(latest);
    if (spell === undefined) {
      yield message;
      return;
    }
    if (told !== spell) {
      told = spell;
      tell({ fault: 'outage', ...spell, detail: plan.keeps ? 'kept' : 'lost' });
    }
    if (plan.keeps) yield { ...message, sentAt: Math.max(message.sentAt, spell.until) };
  };
}

/** Makes messages late, each by itself, so that they may overtake each other. */
export function injectLateness(options: {
  readonly random: Random;
  readonly latency: FaultPlan['latency'];
  readonly reorderMs: number;
  readonly tell: TellTruth;
}): Transform<TimedMessage> {
  const { random, reorderMs, tell, latency = { meanMs: 0, jitterMs: 0 } } = options;
  let told = false;
  return function* (message) {
    if (!told) {
      told = true;
      const { sentAt: from } = message;
      const { meanMs, jitterMs } = latency;
      if (meanMs + jitterMs > 0) {
        tell({ fault: 'latency', from, amount: meanMs, detail: `jitter ${jitterMs} ms` });
      }
      if (reorderMs > 0) tell({ fault: 'reorder', from, amount: reorderMs });
    }
    const late = Math.max(0, latency.meanMs + latency.jitterMs * random.normal());
    const sentAt = message.sentAt + Math.round(late + reorderMs * random.next());
    yield { ...message, sentAt };
  };
}
