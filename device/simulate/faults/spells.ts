// Stretches of time in which something holds, drawn so that they cover a given share.
import type { Random } from '@dandan/shared/random';
import type { SpellPlan } from './plan.ts';

export interface Spell {
  readonly from: number;
  readonly until: number;
}

/** The spell that covers `time`, if any. Ask with times that never fall. */
export type Spells = (time: number) => Spell | undefined;

/** Lengths and pauses are uniform within half and one and a half times their mean. */
export function createSpells(random: Random, { share, meanMs }: SpellPlan): Spells {
  if (share === 0) return () => undefined;
  const pauseMs = (meanMs * (1 - share)) / share;
  const draw = (mean: number) => Math.max(1, Math.round(mean * (0.5 + random.next())));
  let spell: Spell | undefined;
  return (time) => {
    if (spell === undefined) {
      // The first pause is cut at a random place: channels must not fail in step.
      const from = time + Math.round(draw(pauseMs) * random.next());
      spell = { from, until: from + draw(meanMs) };
    }
    while (time >= spell.until) {
      const from: number = spell.until + draw(pauseMs);
      spell = { from, until: from + draw(meanMs) };
    }
    return time >= spell.from ? spell : undefined;
  };
}
