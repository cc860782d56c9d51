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
  /** Classes that a node may be of; read only where some exclude others. */
  statesOf(node: number): readonly number[];
}

/** Members of one list, ascending in time. */
interface List {
  readonly positions: number[];
  readonly times: number[];
}

/** A stretch of a list, and the place of the node itself if it stands in it. */
interface Stretch {
  readonly list: List;
  readonly from: number;
  readonly to: number;
  readonly own: number | undefined;
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

/** Nodes of the same states, and the classes that exclude one of them. */
interface StateGroup {
  readonly states: readonly number[];
  readonly excluded: ReadonlySet<number>;
}

/** Group of every node; without exclusions all are of one. */
function stateGroups({ nodes, excludes, statesOf }: PartnerDrawOptions) {
  const groups: StateGroup[] = [];
  const numbers = new Map<string, number>();
  const of = Int32Array.from(nodes, (node) => {
    // What excludes nothing tells no nodes apart.
    const states = excludes ? statesOf(node).filter((c) => excludes[c].length > 0) : [];
    const key = states.join(' ');
    const known = numbers.get(key);
    if (known !== undefined) return known;
    numbers.set(key, groups.length);
    return (
      groups.push({ states, excluded: new Set(states.flatMap((c) => excludes?.[c] ?? [])) }) - 1
    );
  });
  const mayMix = (a: StateGroup, b: StateGroup) => !b.states.some((c) => a.excluded.has(c));
  return { of, partnersOf: groups.map((a) => groups.map((b) => mayMix(a, b))) };
}

/**
 * A machine of no known kind is of a kind of its own: that two are alike has to be said. A node
 * that may be of two states that exclude each other is mixed with neither, nor with its like.
 */
export function createPartnerDraw(options: PartnerDrawOptions): PartnerDraw {
  const { nodes, places, sameKind = false, withinMs = Number.POSITIVE_INFINITY } = options;
  const near = withinMs < Number.POSITIVE_INFINITY;
  const timeOf = (position: number) => places?.time[nodes[position]] ?? 0;
  /** Nodes of one scope may be mixed as far as places go. */
  function scopeOf(position: number): string {
    if (!places) return '';
    const node = nodes[position];
    const asset = places.asset[node];
    if (near) return `${places.run[node]} ${asset}`;
    if (!sameKind) return '';
    const kind = places.kinds[asset];
    return kind === undefined ? `asset ${asset}` : `kind ${kind}`;
  }
  const groups = stateGroups(options);
  const byTime = Array.from(nodes, (_, position) => position).sort(
    (a, b) => timeOf(a) - timeOf(b) || a - b,
  );
  // One list per scope and group: what may be mixed with a node of that group.
  const lists = new Map<string, List[]>();
  const owns: (number | undefined)[] = [];
  for (const position of byTime) {
    const scope = scopeOf(position);
    const empty = () => groups.partnersOf.map((): List => ({ positions: [], times: [] }));
    const own = lists.get(scope) ?? empty();
    lists.set(scope, own);
    const group = groups.of[position];
    own.forEach((list, other) => {
      if (!groups.partnersOf[other][group]) return;
      if (other === group) owns[position] = list.positions.length;
      list.positions.push(position);
      list.times.push(timeOf(position));
    });
  }

  const stretches = Array.from(nodes, (_, position): Stretch => {
    const list = lists.get(scopeOf(position))![groups.of[position]];
    const own = owns[position];
    if (!near) return { list, from: 0, to: list.positions.length, own };
    const time = timeOf(position);
    const from = countBefore(list.times, (other) => other < time - withinMs);
    return { list, from, to: countBefore(list.times, (other) => other <= time + withinMs), own };
  });
  const countOf = ({ from, to, own }: Stretch) => to - from - (own === undefined ? 0 : 1);
  return {
    alone: stretches.filter((stretch) => countOf(stretch) === 0).length,
    draw: (random) =>
      Int32Array.from(stretches, (stretch, position) => {
        const { list, from, own } = stretch;
        const count = countOf(stretch);
        if (count === 0) return position;
        const at = from + random.below(count);
        return list.positions[own === undefined || at < own ? at : at + 1];
      }),
  };
}
