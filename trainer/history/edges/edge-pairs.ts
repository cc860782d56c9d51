// Pairs of windows that are to become edges, collected kind by kind.
import { type BuiltAdjacency, buildAdjacency } from '../../graph/build-adjacency.ts';

export interface EdgePairs {
  add(source: number, target: number): void;
  readonly sources: Int32Array;
  readonly targets: Int32Array;
}

export function createEdgePairs(): EdgePairs {
  const sources: number[] = [];
  const targets: number[] = [];
  return {
    add(source, target) {
      sources.push(source);
      targets.push(target);
    },
    get sources() {
      return Int32Array.from(sources);
    },
    get targets() {
      return Int32Array.from(targets);
    },
  };
}

function joined(lists: readonly Int32Array[]): Int32Array {
  const all = new Int32Array(lists.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const list of lists) {
    all.set(list, at);
    at += list.length;
  }
  return all;
}

/** One adjacency of several lists; a pair that is in two of them is one edge. */
export function adjacencyOf(nodeCount: number, lists: readonly EdgePairs[]): BuiltAdjacency {
  return buildAdjacency({
    nodeCount,
    sources: joined(lists.map(({ sources }) => sources)),
    targets: joined(lists.map(({ targets }) => targets)),
  });
}
