// A reliability diagram: accuracy of each bin of confidence; who is right as often as they say lies
// on the diagonal.
import { legend, markerAt } from '../../markers.ts';
import { linearScale } from '../../scale.ts';
import { type Chart, element, label, type Markup } from '../../svg.ts';
import type { SeriesStyle } from '../../theme.ts';
import type { ReliabilityBin } from '../facts/reliability.ts';

export interface ReliabilityChartOptions {
  readonly id: string;
  readonly title: string;
  readonly alt: string;
  readonly xLabel: string;
  readonly yLabel: string;
  /** Bins of fewer nodes have no point: their share is chance. */
  readonly least: number;
  /** Of the bars below: share of nodes in each bin of the last series. */
  readonly barLabel: string;
  /** Name of the diagonal. */
  readonly ideal: string;
  readonly series: readonly {
    readonly style: SeriesStyle;
    readonly bins: readonly ReliabilityBin[];
  }[];
}

const SIZE = 300;
const LEFT = 58;
const RIGHT = 22;
/** Bars of how many nodes a bin has, below the diagram. */
const BARS = 56;

function axes(top: number, x: (v: number) => number, y: (v: number) => number): Markup[] {
  return [0, 0.2, 0.4, 0.6, 0.8, 1].flatMap((tick) => [
    element('line', { class: 'grid', x1: x(0), x2: x(1), y1: y(tick), y2: y(tick) }),
    element('line', { class: 'grid', x1: x(tick), x2: x(tick), y1: top, y2: y(0) }),
    label(String(100 * tick), { class: 'soft', x: x(0) - 8, y: y(tick) + 4, 'text-anchor': 'end' }),
    label(String(Math.round(100 * tick)), {
      class: 'soft',
      x: x(tick),
      y: y(0) + 17,
      'text-anchor': 'middle',
    }),
  ]);
}

export function reliabilityChart(options: ReliabilityChartOptions): Chart {
  const { id, title, alt, xLabel, yLabel, ideal, series, least, barLabel } = options;
  const width = LEFT + SIZE + RIGHT;
  const diagonal: SeriesStyle = { name: ideal, class: 'teacher', marker: 'square', dash: '5 4' };
  const keys = legend([...series.map(({ style }) => style), diagonal], {
    x: LEFT,
    y: 26,
    width: width - LEFT,
  });
  const top = 36 + keys.height;
  const x = linearScale({ from: 0, to: 1, range: [LEFT, LEFT + SIZE] }).at;
  const y = linearScale({ from: 0, to: 1, range: [top + SIZE, top] }).at;
  const lines = series.flatMap(({ style, bins }) => {
    const filled = bins.filter(({ count }) => count >= Math.max(1, least));
    const points = filled.map((bin) => [x(bin.confidence), y(bin.accuracy)] as const);
    return [
      element('polyline', {
        class: `line ${style.class}`,
        points: points.map((point) => point.map((v) => v.toFixed(1)).join(',')).join(' '),
        'stroke-dasharray': style.dash,
      }),
      ...points.map(([px, py]) => markerAt(style, px, py)),
    ];
  });
  const barsTop = top + SIZE + 42;
  const all = series.at(-1);
  const most = Math.max(1, ...(all?.bins.map(({ count }) => count) ?? []));
  const bars = (all?.bins ?? []).map(({ from, to, count }) => {
    const height = (BARS * count) / most;
    return element('rect', {
      class: `bar fill ${all?.style.class}`,
      x: x(from) + 1,
      y: barsTop + BARS - height,
      width: x(to) - x(from) - 2,
      height,
    });
  });
  return {
    id,
    title,
    alt,
    width,
    height: barsTop + BARS + 30,
    marks: [
      label(title, { class: 'heading', x: 4, y: 17 }),
      ...keys.marks,
      ...axes(top, x, y),
      element('line', {
        class: 'line teacher',
        x1: x(0),
        y1: y(0),
        x2: x(1),
        y2: y(1),
        'stroke-dasharray': '5 4',
      }),
      ...lines,
      ...bars,
      element('line', {
        class: 'axis',
        x1: x(0),
        x2: x(1),
        y1: barsTop + BARS,
        y2: barsTop + BARS,
      }),
      label(barLabel, { class: 'soft', x: x(0), y: barsTop - 6 }),
      label(xLabel, { class: 'soft', x: x(0.5), y: barsTop + BARS + 18, 'text-anchor': 'middle' }),
      label(yLabel, {
        class: 'soft',
        transform: `translate(13 ${y(0.5)}) rotate(-90)`,
        'text-anchor': 'middle',
      }),
    ],
  };
}
