// Draws a partner for every node among those its rules allow: nodes that may be mixed stand side
// by side in lists by time, and a node's partners are a stretch of one list.
import type { Random } from '@dandan/shared/random';
import type { PartnerRules } from './partner-rules.ts';

export interface PartnerDraw {
  /** Nodes that no other may be mixed with: they are their own partner. */
  readonly alone: number;
  /** Position of each node's partner in `nodes`, another draw every time. */
  draw(random: Random): Int32Array;
}

export interface PartnerDrawOptions extends PartnerRules {
  /** Nodes to be mixed with each other. */
  readonly nodes: Int32Array;
  /** Class of a node, as far as it is known; read only where there are groups. */
  classOf(node: number): number;
}

/** Members of one list, ascending in time. */
interface List {
  readonly positions: number[];
  readonly times: number[];
}

/** A stretch of a list and the place of the node itself in it. */
interface Stretch {
  readonly list: List;
  readonly from: number;
  readonly to: number;
  readonly own: number;
}

/** How many times, ascending, lie before a border. */
function countBefore(times: readonly number[], isBefore: (time: number) => boolean): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isBefore(times[middle])) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * A machine of no known kind is of a kind of its own: that two are alike has to be said. A node
 * whose class is in no group may be mixed with any class.
 */
export function createPartnerDraw(options: PartnerDrawOptions): PartnerDraw {
  const { nodes, places, groupOf, windowMs = 0, window = 'prefer' } = options;
  const count = nodes.length;
  const timeOf = (position: number) => places?.time[nodes[position]] ?? 0;
  const kindOf = (position: number) => {
    if (!places) return '';
    const asset = places.asset[nodes[position]];
    const kind = places.kinds[asset];
    return kind === undefined ? `asset ${asset}` : `kind ${kind}`;
  };
  const groups = Int32Array.from(nodes, (node) => {
    const label = groupOf ? options.classOf(node) : -1;
    return label < 0 ? -1 : (groupOf?.[label] ?? -1);
  });
  const known = [...new Set(groups)].filter((group) => group >= 0);
  const byTime = Array.from({ length: count }, (_, position) => position).sort(
    (a, b) => timeOf(a) - timeOf(b) || a - b,
  );

  /** A node's place in the list of those it may be mixed with; `scope` tells lists apart. */
  function listed(scope: (position: number) => string): (position: number) => Stretch {
    const lists = new Map<string, List>();
    const owns = new Int32Array(count);
    const listOf = (key: string) => {
      const list = lists.get(key) ?? { positions: [], times: [] };
      lists.set(key, list);
      return list;
    };
    for (const position of byTime) {
      const group = groups[position];
      // A node without a group is in the list of every group, and in the one that holds all.
      for (const of of group < 0 ? [-1, ...known] : [-1, group]) {
        const list = listOf(`${scope(position)}/${of}`);
        if (of === group) owns[position] = list.positions.length;
        list.positions.push(position);
        list.times.push(timeOf(position));
      }
    }
    return (position) => {
      const list = listOf(`${scope(position)}/${groups[position]}`);
      return { list, from: 0, to: list.positions.length, own: owns[position] };
    };
  }

  const anywhere = listed(kindOf);
  const inRun = listed((position) => `${places?.run[nodes[position]]} ${kindOf(position)}`);

  function stretchOf(position: number): Stretch {
    if (windowMs === 0 || !places) return anywhere(position);
    const { list, own } = inRun(position);
    const time = timeOf(position);
    const from = countBefore(list.times, (other) => other < time - windowMs);
    const to = countBefore(list.times, (other) => other <= time + windowMs);
    const near = { list, from, to, own };
    return to - from === 1 && window === 'prefer' ? anywhere(position) : near;
  }

  const stretches = byTime.map((_, position) => stretchOf(position));
  return {
    alone: stretches.filter(({ from, to }) => to - from === 1).length,
    draw: (random) =>
      Int32Array.from(stretches, ({ list, from, to, own }, position) => {
        if (to - from === 1) return position;
        const at = from + random.below(to - from - 1);
        return list.positions[at < own ? at : at + 1];
      }),
  };
}
