// The drawing of the line, from tables and sketches, held against the machines that report.
import { basename } from 'node:path';
import { nearestNames, sharedStart } from '../../config/nearest-names.ts';
import type { IssueCollector } from '../../data/issues.ts';
import { createNotes, type Notes } from '../notes.ts';
import type { ReadProject } from '../project/read-project.ts';
import type { Topology, TopologyEdge } from '../topology.ts';
import { patternFor } from './kind-of.ts';
import type { PlacedAsset } from './placed-edge.ts';
import { readSources, type TopologySources } from './read-sources.ts';

export interface ReadTopologyOptions extends ReadProject {
  /** Machines that report, as `telemetry.assets`. */
  readonly assets: readonly string[];
  readonly issues: IssueCollector;
  /** Takes what is doubtful. @default {nobody reads it} */
  readonly notes?: Notes | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Names that share fewer first letters are of different machines. */
const LIKE_LETTERS = 3;

/** Each machine once, those of tables first, with the place that names it. */
function namedAssets({ assets, edges }: TopologySources): Map<string, PlacedAsset> {
  const ends = edges.flatMap(({ from, to, place }) =>
    [from, to].map((name) => ({ name, kind: undefined, place })),
  );
  const named = new Map<string, PlacedAsset>();
  for (const asset of [...assets, ...ends]) {
    const known = named.get(asset.name);
    if (known?.kind === undefined && (known === undefined || asset.kind !== undefined)) {
      named.set(asset.name, asset);
    }
  }
  return named;
}

function checkKinds({ assets }: TopologySources, issues: IssueCollector): void {
  const first = new Map<string, PlacedAsset>();
  for (const asset of assets) {
    if (asset.kind === undefined) continue;
    const known = first.get(asset.name);
    if (known === undefined) first.set(asset.name, asset);
    else if (known.kind !== asset.kind) {
      issues.report({
        code: 'data-invalid',
        message: `${asset.place}: ${asset.name} is of another kind at ${known.place}`,
        field: `${asset.place}:kind`,
        value: asset.kind,
        allowed: `one kind; ${known.place} says '${known.kind}'`,
      });
    }
  }
}

/** Tells of machines that only one of drawing and telemetry knows. */
function checkNames(
  named: ReadonlyMap<string, PlacedAsset>,
  { assets, issues, notes }: ReadTopologyOptions & { readonly notes: Notes },
): void {
  const silent = [...named.values()].filter(({ name }) => !assets.includes(name));
  const [first] = silent;
  if (first !== undefined && silent.length === named.size) {
    issues.report({
      code: 'data-invalid',
      message: `${first.place}: no machine of the topology has readings`,
      field: first.place,
      value: first.name,
      allowed: `the names of the telemetry: ${nearestNames(first.name, assets).slice(0, 10).join(', ')}`,
    });
    return;
  }
  const absent = named.size === 0 ? [] : assets.filter((each) => !named.has(each));
  for (const { name, place } of silent) {
    const [nearest = ''] = nearestNames(name, absent);
    const isLike = sharedStart(nearest, name) >= LIKE_LETTERS;
    const meant = isLike ? `; is it ${nearest}?` : ', so its edges join nothing.';
    notes.add('topology-silent', `${place}: there are no readings of ${name}${meant}`);
  }
  for (const name of absent) {
    notes.add('topology-absent', `${name} has readings and stands nowhere in the topology.`);
  }
}

function joinEdges({ edges }: TopologySources, notes: Notes): TopologyEdge[] {
  const joined = new Map<string, TopologyEdge>();
  for (const { from, to, kind, place } of edges) {
    const key = JSON.stringify([from, to, kind]);
    if (from === to) notes.add('topology-loop', `${place}: ${from} is joined to itself, left out.`);
    else if (joined.has(key)) {
      notes.add('topology-twice', `${place}: ${from} to ${to} is stated twice.`);
    } else joined.set(key, { from, to, kind });
  }
  return [...joined.values()];
}

function checkPatterns(
  names: readonly string[],
  { project, file, lineOf, notes }: ReadTopologyOptions & { readonly notes: Notes },
): void {
  const { topology } = project;
  const kinds = typeof topology === 'object' ? (topology.kinds ?? {}) : {};
  const used = new Set(names.map((name) => patternFor(name, kinds)));
  for (const pattern of Object.keys(kinds).filter((each) => !used.has(each))) {
    const line = lineOf(['topology', 'kinds', pattern]);
    notes.add('topology-kinds', `${basename(file)}:${line}: no machine is named ${pattern}.`);
  }
}

/**
 * Machines that report, in the order of the telemetry, then those that only the drawing knows, and
 * the edges between them; circles are allowed. Without a topology: the machines and no edges.
 * A kind is what the table of machines says, else that of the pattern in `kinds`.
 */
export async function readTopology(given: ReadTopologyOptions): Promise<Topology> {
  const options = { ...given, notes: given.notes ?? createNotes() };
  const { assets, issues, notes } = options;
  const sources = await readSources(options);
  const named = namedAssets(sources);
  checkKinds(sources, issues);
  checkNames(named, options);
  const names = [...assets, ...[...named.keys()].filter((name) => !assets.includes(name))];
  checkPatterns(names, options);
  return {
    assets: names.map((name) => {
      const pattern = patternFor(name, sources.kinds);
      const byPattern = pattern === undefined ? undefined : sources.kinds[pattern];
      const kind = named.get(name)?.kind ?? byPattern;
      return kind === undefined ? { name } : { name, kind };
    }),
    edges: joinEdges(sources, notes),
  };
}
