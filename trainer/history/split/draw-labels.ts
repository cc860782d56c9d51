// The labels that count: so many of each class, drawn by chance from as many blocks as have it.
import type { Random } from '@dandan/shared/random';

export interface DrawLabelsOptions {
  /** Labelled nodes to draw from. */
  readonly nodes: readonly number[];
  readonly labels: Int32Array;
  /** int32 [nodes of the graph], block of each. */
  readonly blocks: Int32Array;
  /** @default {all of them} */
  readonly perClass: number | undefined;
  readonly random: Random;
}

/** One of each block in turn, the blocks and what is taken of each in random order. */
function spread(nodes: readonly number[], blocks: Int32Array, count: number, random: Random) {
  const byBlock = new Map<number, number[]>();
  for (const node of random.shuffle([...nodes])) {
    const own = byBlock.get(blocks[node]);
    if (own === undefined) byBlock.set(blocks[node], [node]);
    else own.push(node);
  }
  const piles = random.shuffle([...byBlock.values()]);
  const drawn: number[] = [];
  for (let turn = 0; drawn.length < Math.min(count, nodes.length); turn++) {
    for (const pile of piles) {
      if (turn < pile.length && drawn.length < count) drawn.push(pile[turn]);
    }
  }
  return drawn;
}

/** @returns nodes, ascending. */
export function drawLabels(options: DrawLabelsOptions): Int32Array {
  const { nodes, labels, blocks, perClass, random } = options;
  if (perClass === undefined) return Int32Array.from(nodes).sort();
  const byClass = Map.groupBy(nodes, (node) => labels[node]);
  const drawn = [...byClass.keys()]
    .sort((a, b) => a - b)
    .flatMap((label) =>
      spread(byClass.get(label)!, blocks, perClass, random.fork(`class ${label}`)),
    );
  return Int32Array.from(drawn).sort();
}
