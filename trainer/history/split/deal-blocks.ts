// Blocks are dealt to sets so that every set has its share of every class.
import type { Random } from '@dandan/shared/random';
import type { Block } from './block.ts';
import { SET_NAMES, type SetName } from './set-names.ts';

interface Hand {
  readonly set: SetName;
  readonly share: number;
  size: number;
  readonly classSizes: number[];
}

function receive(hand: Hand, { nodes, classSizes }: Block): void {
  hand.size += nodes.length;
  classSizes.forEach((size, c) => {
    hand.classSizes[c] += size;
  });
}

/** The greatest of `of`; the first of equals. */
function greatest<T>(items: readonly T[], of: (item: T) => readonly number[]): T {
  return items.reduce((best, item) => {
    const [a, b] = [of(item), of(best)];
    const at = a.findIndex((value, i) => value !== b[i]);
    return at >= 0 && a[at] > b[at] ? item : best;
  });
}

/**
 * Iterative stratification (Sechidis, Tsoumakas & Vlahavas 2011), rarest class first; but a set
 * that has nothing of the class yet comes before one that lacks most of its share.
 *
 * @returns the set of each block.
 */
export function dealBlocks(
  blocks: readonly Block[],
  weights: ReadonlyMap<SetName, number>,
  random: Random,
): SetName[] {
  const whole = [...weights.values()].reduce((a, b) => a + b, 0);
  const classes = blocks[0]?.classSizes.length ?? 0;
  const hands: Hand[] = SET_NAMES.filter((set) => weights.has(set)).map((set) => ({
    set,
    share: weights.get(set)! / whole,
    size: 0,
    classSizes: Array<number>(classes).fill(0),
  }));
  const total = blocks.reduce((sum, { nodes }) => sum + nodes.length, 0);
  const totals = Array.from({ length: classes }, (_, c) =>
    blocks.reduce((sum, { classSizes }) => sum + classSizes[c], 0),
  );
  const lacks = ({ share, size }: Hand) => share * total - size;
  const lacksOf = (hand: Hand, c: number) => hand.share * totals[c] - hand.classSizes[c];
  const sets = Array<SetName>(blocks.length);
  const open = new Set(random.shuffle(Array.from(blocks.keys())));
  const give = (block: number, hand: Hand) => {
    receive(hand, blocks[block]);
    sets[block] = hand.set;
    open.delete(block);
  };
  for (;;) {
    const openOf = totals.map((_, c) => [...open].filter((b) => blocks[b].classSizes[c] > 0));
    const rarest = openOf.reduce(
      (best, { length }, c) =>
        length > 0 && (best < 0 || length < openOf[best].length) ? c : best,
      -1,
    );
    if (rarest < 0) break;
    const largestFirst = openOf[rarest].toSorted(
      (a, b) => blocks[b].classSizes[rarest] - blocks[a].classSizes[rarest],
    );
    for (const block of largestFirst) {
      const without = hands.filter(({ classSizes }) => classSizes[rarest] === 0);
      give(
        block,
        without.length > 0
          ? greatest(without, ({ share }) => [share])
          : greatest(hands, (hand) => [lacksOf(hand, rarest), lacks(hand)]),
      );
    }
  }
  for (const block of [...open])
    give(
      block,
      greatest(hands, (hand) => [lacks(hand)]),
    );
  return sets;
}
