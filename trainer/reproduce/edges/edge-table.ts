// The measurements as a table in Markdown: means over seeds, and what each graph adds to none.
import { EDGE_KINDS } from '../../history/edges/index.ts';
import { pairedDifference, summarise } from '../statistics.ts';
import type { EdgeMeasurement } from './measure-edges.ts';

/** What the others are held against. */
const BASE = 'none';

const HEADINGS = ['edges', ...EDGE_KINDS, 'homophily', 'teacher', 'student', 'over no edges'];

type Pick = (measurement: EdgeMeasurement) => number;

function mean(list: readonly EdgeMeasurement[], pick: Pick): number {
  return summarise(list.map(pick))?.mean ?? 0;
}

function spread(list: readonly EdgeMeasurement[], pick: Pick): string {
  const { n, mean, std } = summarise(list.map(pick))!;
  return n === 1 ? mean.toFixed(1) : `${mean.toFixed(1)} ± ${std.toFixed(1)}`;
}

const bySeed = (list: readonly EdgeMeasurement[]) =>
  new Map(list.map(({ seed, student }) => [seed, student]));

function gain(own: readonly EdgeMeasurement[], base: readonly EdgeMeasurement[]): string {
  const difference = pairedDifference(bySeed(own), bySeed(base));
  if (difference === undefined) return '';
  const { mean, halfWidth } = difference;
  const text = `${mean < 0 ? '−' : '+'}${Math.abs(mean).toFixed(1)}`;
  return halfWidth === undefined ? text : `${text} ± ${halfWidth.toFixed(1)}`;
}

/**
 * One row a graph, in the order of the measurements; edges and homophily are means, accuracies
 * means and standard deviations in percent, differences have a 95 % interval over paired seeds.
 */
export function edgeTable(measured: readonly EdgeMeasurement[]): string[] {
  const byVariant = Map.groupBy(measured, ({ variant }) => variant);
  const base = byVariant.get(BASE) ?? [];
  const rows = [...byVariant].map(([variant, own]) => {
    const homophily = summarise(own.flatMap((one) => one.homophily ?? []))?.mean;
    return [
      variant,
      ...EDGE_KINDS.map((kind) => String(Math.round(mean(own, ({ edges }) => edges[kind])))),
      homophily === undefined ? '' : homophily.toFixed(2).replace('-', '−'),
      spread(own, ({ teacher }) => teacher),
      spread(own, ({ student }) => student),
      variant === BASE ? '' : gain(own, base),
    ];
  });
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const first = [...byVariant.values()][0] ?? [];
  return [
    line(HEADINGS),
    line(HEADINGS.map(() => '---')),
    ...rows.map(line),
    ...(first.length === 0
      ? []
      : ['', `A plain MLP on the same labels: ${spread(first, ({ mlp }) => mlp)} %.`]),
  ];
}
