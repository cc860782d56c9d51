// Whether a split tells training what it will be asked: windows that share readings across sets,
// runs that straddle them, edges from what is seen to what must not be.
import type { TelemetrySpec } from '@dandan/shared/features';
import type { Adjacency, NodePlaces, Split } from '../../graph/graph-data.ts';
import { windowStarts } from '../window-lines.ts';

/** `taught`: what is in no set and not unseen, of which students learn the teacher's word. */
const GROUPS = ['train', 'validation', 'test', 'calibration', 'taught'] as const;

type Group = (typeof GROUPS)[number];

export interface LeakageOptions {
  readonly split: Split;
  readonly places: NodePlaces;
  readonly spec: TelemetrySpec;
  /** @default {none are looked at} */
  readonly edges?: Adjacency | undefined;
}

export interface Overlap {
  readonly sets: readonly [Group, Group];
  /** Windows that hold readings of an earlier window of the other set. */
  readonly windows: number;
}

export interface Leakage {
  readonly overlaps: readonly Overlap[];
  /** Runs of which more than one set has windows. */
  readonly straddling: readonly { readonly run: string; readonly sets: readonly Group[] }[];
  /** Edges that join an unseen node to one that training sees; in the setting `ind` it drops them. */
  readonly crossingEdges: number;
  /** What of it spoils a test, in sentences; empty where nothing does. */
  readonly warnings: readonly string[];
}

/** Position in `GROUPS` of every node, −1 where it is of no use to anybody. */
function groupsOf({ split, places }: LeakageOptions): Int8Array {
  const group = new Int8Array(places.time.length).fill(GROUPS.indexOf('taught'));
  for (const node of split.unseen ?? []) group[node] = -1;
  const sets = [split.train, split.validation, split.test, split.unlabelled];
  sets.forEach((nodes, at) => {
    for (const node of nodes) group[node] = at;
  });
  return group;
}

/** Windows by pair of groups, earlier × later, and the groups of each run. */
function look({ places, spec }: LeakageOptions, group: Int8Array) {
  const { time, run, runs } = places;
  const starts = windowStarts(places, spec);
  const size = GROUPS.length;
  const counts = new Int32Array(size * size);
  const present = runs.map(() => new Set<number>());
  const latest = new Float64Array(runs.length * size).fill(Number.NEGATIVE_INFINITY);
  const order = Int32Array.from(time, (_, node) => node).sort((a, b) => time[a] - time[b] || a - b);
  for (const node of order) {
    const own = group[node];
    if (own < 0) continue;
    const from = run[node] * size;
    for (let other = 0; other < size; other++) {
      if (other !== own && latest[from + other] > starts[node]) counts[other * size + own]++;
    }
    latest[from + own] = time[node];
    present[run[node]].add(own);
  }
  return { counts, present };
}

function countCrossing(edges: Adjacency | undefined, unseen: Int32Array | undefined): number {
  if (edges === undefined || unseen === undefined) return 0;
  const isUnseen = new Uint8Array(edges.nodeCount);
  for (const node of unseen) isUnseen[node] = 1;
  let crossing = 0;
  for (const node of unseen) {
    for (let e = edges.offsets[node]; e < edges.offsets[node + 1]; e++) {
      if (isUnseen[edges.indices[e]] === 0) crossing++;
    }
  }
  return crossing;
}

/** Pairs that only meet in training: a shared reading there flatters nobody. */
const isHarmless = (a: Group, b: Group) =>
  [a, b].includes('taught') && [a, b].some((group) => group === 'train' || group === 'validation');

const inEnglish = new Intl.ListFormat('en');

/** Looks at any split, also one that somebody brought along. */
export function leakage(options: LeakageOptions): Leakage {
  const { split, places, edges } = options;
  const { counts, present } = look(options, groupsOf(options));
  const size = GROUPS.length;
  const overlaps = GROUPS.flatMap((a, i) =>
    GROUPS.slice(i + 1).flatMap((b, k): Overlap[] => {
      const j = i + 1 + k;
      const windows = counts[i * size + j] + counts[j * size + i];
      return windows > 0 && !isHarmless(a, b) ? [{ sets: [a, b], windows }] : [];
    }),
  );
  const straddling = present.flatMap((groups, run) => {
    const sets = GROUPS.filter((group, i) => group !== 'taught' && groups.has(i));
    return sets.length > 1 ? [{ run: places.runs[run], sets }] : [];
  });
  const crossingEdges = countCrossing(edges, split.unseen);
  const warnings = overlaps.map(
    ({ sets, windows }) =>
      `${windows} windows hold readings of another set: ${inEnglish.format(sets)} overlap in time.`,
  );
  if (straddling.length > 0) {
    const [{ run, sets }] = straddling;
    const which = run === '' ? 'The run' : `The run ${run}`;
    const more = straddling.length > 1 ? `, and ${straddling.length - 1} more do so` : '';
    warnings.push(`${which} is divided among ${inEnglish.format(sets)}${more}.`);
  }
  if (crossingEdges > 0) {
    warnings.push(
      `${crossingEdges} edges join windows that training must not see to others; in the setting tran it reads them.`,
    );
  }
  return { overlaps, straddling, crossingEdges, warnings };
}
