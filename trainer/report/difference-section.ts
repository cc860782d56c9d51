// Where the cascade is right and where it differs from its teacher: by class, by degree
// and by the share of neighbours with the node's own class.

import type { CellMethod } from '../reproduce/cell.ts';
import {
  type BinCounts,
  type Breakdown,
  DEGREE_BINS,
  HOMOPHILY_BINS,
  sumBreakdowns,
} from '../reproduce/measure/breakdown.ts';
import type { Results } from './collect.ts';
import { type Block, heading, text } from './document.ts';
import { heatMap } from './heat-map.ts';
import { type LineSeries, lineChart } from './line-chart.ts';
import type { Chart } from './svg.ts';
import { METHOD_STYLES } from './theme.ts';
import { chartId, methodName, setName, teacherName } from './words.ts';

/** Below this many test nodes (all seeds together) a bin's share says little. */
const MIN_BIN = 30;

const DEGREE_TEXTS = [...DEGREE_BINS, Number.POSITIVE_INFINITY].map((end, i, ends) => {
  const begin = i === 0 ? 0 : ends[i - 1] + 1;
  if (end === Number.POSITIVE_INFINITY) return `≥ ${begin}`;
  return begin === end ? String(end) : `${begin}–${end}`;
});

const HOMOPHILY_TEXTS = Array.from({ length: HOMOPHILY_BINS }, (_, i) => {
  const percent = (bin: number) => Math.round((100 * bin) / HOMOPHILY_BINS);
  return `${percent(i)}–${percent(i + 1)}`;
});

interface Place {
  readonly set: string;
  readonly teacher: string;
}

function binsChart(
  { id, title, xLabel }: { id: string; title: string; xLabel: string },
  counts: BinCounts,
  texts: readonly string[],
  method: CellMethod,
): Chart {
  const bins = counts.nodes.flatMap((nodes, bin) => (nodes >= MIN_BIN ? [bin] : []));
  const share = (of: readonly number[]) =>
    bins.map((bin) => ({ x: bin, y: (100 * of[bin]) / counts.nodes[bin] }));
  const agreement = { name: 'same answer', class: 'mlp', marker: 'cross', dash: '1 4' } as const;
  const series: LineSeries[] = [
    { style: METHOD_STYLES.teacher, points: share(counts.teacherCorrect) },
    { style: METHOD_STYLES[method], points: share(counts.correct) },
    { style: agreement, points: share(counts.agree) },
  ];
  const words = bins.map((bin, i) => {
    const [teachers, own, same] = series.map(({ points }) => points[i].y.toFixed(1));
    return `${texts[bin]}: ${counts.nodes[bin]} nodes, teacher ${teachers}, ${methodName(method)} ${own}, same answer ${same}`;
  });
  return lineChart({
    id,
    title,
    alt: `${title}, percent of test nodes by ${xLabel}. ${words.join('; ')}.`,
    xLabel,
    yLabel: '% of test nodes',
    series,
    xScale: 'step',
    xText: (bin) => texts[bin],
    width: 372,
    plotHeight: 200,
  });
}

function chartsOf(place: Place, classes: readonly string[], method: CellMethod, all: Breakdown) {
  const name = setName(place.set);
  const confused = all.confusion.flatMap((row, i) => {
    const total = row.reduce((a, b) => a + b, 0);
    return row.map((count, j) => ({ i, j, share: total === 0 ? 0 : count / total }));
  });
  const worst = confused.filter(({ i, j }) => i !== j).sort((a, b) => b.share - a.share);
  const mixed = worst
    .slice(0, 3)
    .map(({ i, j, share }) => `${classes[i]} as ${classes[j]} ${(100 * share).toFixed(0)} %`);
  const recalls = confused
    .filter(({ i, j }) => i === j)
    .map(({ i, share }) => `${classes[i]} ${(100 * share).toFixed(0)} %`);
  return [
    heatMap({
      id: chartId('confusion', place.set, place.teacher, method),
      title: `${name}: % of each class`,
      alt: `Confusion of ${methodName(method)} on ${name}, ${teacherName(place.teacher)} teacher. Recall by class: ${recalls.join(', ')}. Most often confused: ${mixed.join(', ')}.`,
      classes,
      counts: all.confusion,
    }),
    binsChart(
      {
        id: chartId('degree', place.set, place.teacher, method),
        title: `${name}, by degree`,
        xLabel: 'neighbours of a node',
      },
      all.byDegree,
      DEGREE_TEXTS,
      method,
    ),
    binsChart(
      {
        id: chartId('homophily', place.set, place.teacher, method),
        title: `${name}, by local homophily`,
        xLabel: '% of neighbours of the same class',
      },
      all.byHomophily,
      HOMOPHILY_TEXTS,
      method,
    ),
  ];
}

/** Charts for one teacher and method, all sets that have counts; nothing where none has. */
export function differenceSection(results: Results): Block[] {
  const [teacher] = results.teachers;
  const method = (['progmlp-additive', 'progmlp-incremental', 'progmlp-paper'] as const).find(
    (candidate) => results.methods.includes(candidate),
  );
  if (method === undefined) return [];
  const charts = results.sets.flatMap(({ set, classes }) => {
    const cells = [...results.cells({ set, teacher, setting: 'tran', method }).values()];
    const parts = cells.flatMap(({ breakdown }) => (breakdown ? [breakdown] : []));
    const all = sumBreakdowns(parts);
    return all ? [chartsOf({ set, teacher }, classes, method, all)] : [];
  });
  if (charts.length === 0) return [];
  return [
    heading('Where student and teacher differ'),
    text(
      `${methodName(method)} and its ${teacherName(teacher)} teacher on the test nodes, transductive, all seeds together. Left: how the answers for each true class divide. Middle and right: shares of test nodes that are answered correctly, and that both answer alike, by number of neighbours and by the share of labelled neighbours with the node's own class; groups of fewer than ${MIN_BIN} nodes are left out. Labels of neighbours are read for this analysis only.`,
    ),
    ...charts.map((three) => ({ kind: 'charts', charts: three }) as const),
  ];
}
