// Everything that plant.yaml says or names of a plant's topology, before it is joined.
import { basename } from 'node:path';
import type { IssueCollector } from '../../data/issues.ts';
import type { Notes } from '../notes.ts';
import type { ReadProject } from '../project/read-project.ts';
import { FLOW_WORDS, parseFlow } from './parse-flow.ts';
import type { PlacedAsset, PlacedEdge } from './placed-edge.ts';
import { readAssetTable, readEdgeTable } from './read-tables.ts';

export interface ReadSourcesOptions extends ReadProject {
  readonly issues: IssueCollector;
  readonly notes: Notes;
  readonly signal?: AbortSignal | undefined;
}

export interface TopologySources {
  readonly edges: readonly PlacedEdge[];
  /** Machines that a table lists or a sketch names. */
  readonly assets: readonly PlacedAsset[];
  /** Kinds by name or pattern. */
  readonly kinds: Readonly<Record<string, string>>;
}

/** Of machines in the order of the flow. */
const FLOW = 'flow';

function readFlow(text: string, place: string, issues: IssueCollector): TopologySources {
  const flow = parseFlow(text);
  if (flow.kind === 'refused') {
    const message = `${place}: ${flow.why}`;
    issues.report({
      code: 'config-invalid',
      message,
      field: place,
      value: text,
      allowed: FLOW_WORDS,
    });
    return { edges: [], assets: [], kinds: {} };
  }
  return {
    edges: flow.edges.map((edge) => ({ ...edge, kind: FLOW, place })),
    assets: flow.machines.map((name) => ({ name, kind: undefined, place })),
    kinds: {},
  };
}

/** Lines that are broken are reported and left out. */
export async function readSources(options: ReadSourcesOptions): Promise<TopologySources> {
  const { project, file, lineOf, issues } = options;
  const { topology = {} } = project;
  const {
    edges,
    assets,
    lines = [],
    kinds = {},
  } = typeof topology === 'string' ? { edges: topology } : topology;
  const flows = lines.map((line, index) => {
    const path = ['topology', 'lines', index];
    return readFlow(line, `${basename(file)}:${lineOf(path)}:${path.join('.')}`, issues);
  });
  const fromTable = edges === undefined ? [] : await readEdgeTable({ ...options, name: edges });
  const listed = assets === undefined ? [] : await readAssetTable({ ...options, name: assets });
  return {
    edges: [...fromTable, ...flows.flatMap((flow) => flow.edges)],
    assets: [...listed, ...flows.flatMap((flow) => flow.assets)],
    kinds,
  };
}
