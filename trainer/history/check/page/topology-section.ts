// The drawing of the line.
import { topologyChart } from '../charts/topology-chart.ts';
import type { HistoryFacts } from '../history-facts.ts';
import type { PageBlock } from './page-block.ts';
import { type Language, PAGE_WORDS } from './words.ts';

/** A drawing of more is a tangle. */
const MAX_ASSETS = 120;

export function topologySection(
  { topology, telemetry, project }: HistoryFacts,
  language: Language,
): PageBlock[] {
  const words = PAGE_WORDS[language];
  const heading = { kind: 'section', id: 'topology', title: words.topology } as const;
  const edges = topology.edges.map(({ from, to }) => `${from} > ${to}`).join(', ');
  if (topology.edges.length === 0 && project.topology === undefined) {
    return [heading, { kind: 'text', text: words.noTopology }];
  }
  if (topology.assets.length > MAX_ASSETS) return [heading, { kind: 'text', text: edges }];
  const chart = topologyChart({
    id: `${language}-topology`,
    title: project.model,
    alt: words.topologyAlt(edges),
    topology,
    reporting: telemetry.assets,
  });
  return [heading, { kind: 'charts', charts: [chart] }];
}
