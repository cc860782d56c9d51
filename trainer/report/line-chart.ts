// Lines with whiskers over one axis of numbers: accuracy against cost, against students,
// against a hyper-parameter.
import { legend, markerAt } from './markers.ts';
import { linearScale, logScale, niceDomain, type Scale, stepScale } from './scale.ts';
import { type Chart, element, label, type Markup } from './svg.ts';
import type { SeriesStyle } from './theme.ts';

export interface LinePoint {
  readonly x: number;
  readonly y: number;
  /** Half of the whisker, e.g. a standard deviation. */
  readonly spread?: number;
}

export interface LineSeries {
  readonly style: SeriesStyle;
  readonly points: readonly LinePoint[];
}

export interface LineChartOptions {
  readonly id: string;
  readonly title: string;
  readonly alt: string;
  readonly xLabel: string;
  readonly yLabel: string;
  readonly series: readonly LineSeries[];
  /** Horizontal lines across the chart, e.g. the teacher. */
  readonly references?: readonly { readonly style: SeriesStyle; readonly y: number }[];
  /** `step`: values in equal steps, in their order. @default {'linear'} */
  readonly xScale?: 'linear' | 'log' | 'step';
  /** About how many ticks a linear axis has. @default {5} */
  readonly xTicks?: number;
  /** Text of a tick, where numbers stand for something else. */
  xText?(value: number): string;
  /** @default {524} */
  readonly width?: number;
  /** Of the plot without title and legend. @default {250} */
  readonly plotHeight?: number;
}

const LEFT = 62;
const RIGHT = 16;
const BOTTOM = 46;
/** Series at equal steps stand side by side, or their whiskers would hide each other. */
const DODGE = 5;
/** Room beyond the outermost points, as a factor on a logarithmic axis. */
const LOG_MARGIN = 1.25;

function xScaleOf(
  kind: LineChartOptions['xScale'],
  values: readonly number[],
  range: readonly [number, number],
  ticks: number | undefined,
): Scale {
  const sorted = [...new Set(values)].sort((a, b) => a - b);
  const [low, high] = [sorted[0] ?? 0, sorted[sorted.length - 1] ?? 1];
  if (kind === 'step') return stepScale(sorted, range);
  if (kind === 'log') return logScale({ from: low / LOG_MARGIN, to: high * LOG_MARGIN, range });
  const margin = (high - low || 1) * 0.05;
  return linearScale({ from: low - margin, to: high + margin, range, ...(ticks && { ticks }) });
}

function axes(options: LineChartOptions, x: Scale, y: Scale, box: Box): Markup[] {
  const { left, right, top, bottom } = box;
  return [
    ...y.ticks.flatMap((tick) => [
      element('line', { class: 'grid', x1: left, x2: right, y1: y.at(tick), y2: y.at(tick) }),
      label(y.format(tick), {
        class: 'soft',
        x: left - 8,
        y: y.at(tick) + 4,
        'text-anchor': 'end',
      }),
    ]),
    element('line', { class: 'axis', x1: left, x2: right, y1: bottom, y2: bottom }),
    ...x.ticks.flatMap((tick) => [
      element('line', {
        class: 'axis',
        x1: x.at(tick),
        x2: x.at(tick),
        y1: bottom,
        y2: bottom + 4,
      }),
      label((options.xText ?? x.format)(tick), {
        class: 'soft',
        x: x.at(tick),
        y: bottom + 17,
        'text-anchor': 'middle',
      }),
    ]),
    label(options.xLabel, {
      class: 'soft',
      x: (left + right) / 2,
      y: bottom + 36,
      'text-anchor': 'middle',
    }),
    label(options.yLabel, {
      class: 'soft',
      transform: `translate(13 ${(top + bottom) / 2}) rotate(-90)`,
      'text-anchor': 'middle',
    }),
  ];
}

interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

function drawSeries({ style, points }: LineSeries, x: Scale, y: Scale, dodge: number): Markup[] {
  const sorted = [...points].sort((a, b) => a.x - b.x);
  const across = (value: number) => x.at(value) + dodge;
  const at = (point: LinePoint) => `${across(point.x).toFixed(1)},${y.at(point.y).toFixed(1)}`;
  const whiskers = sorted
    .filter(({ spread = 0 }) => spread > 0)
    .map(({ x: px, y: py, spread = 0 }) => {
      const high = y.at(Math.min(100, py + spread));
      const [middle, low] = [across(px), y.at(py - spread)];
      return element('path', {
        class: `whisker ${style.class}`,
        d: `M${middle.toFixed(1)},${low.toFixed(1)}V${high.toFixed(1)}m-3,0h6M${(middle - 3).toFixed(1)},${low.toFixed(1)}h6`,
      });
    });
  return [
    ...whiskers,
    element('polyline', {
      class: `line ${style.class}`,
      points: sorted.map(at).join(' '),
      'stroke-dasharray': style.dash,
    }),
    ...sorted.map((point) => markerAt(style, across(point.x), y.at(point.y))),
  ];
}

/** A chart of accuracies in percent; series without points are left out. */
export function lineChart(options: LineChartOptions): Chart {
  const { id, title, alt, references = [], xScale, width = 524, plotHeight = 250 } = options;
  const series = options.series.filter(({ points }) => points.length > 0);
  const keys = legend(
    [...references.map(({ style }) => style), ...series.map(({ style }) => style)],
    { x: LEFT, y: 26, width: width - LEFT - RIGHT },
  );
  const top = 26 + keys.height + 10;
  const box: Box = { left: LEFT, right: width - RIGHT, top, bottom: top + plotHeight };
  const points = series.flatMap((one) => one.points);
  const heights = [
    ...points.flatMap(({ y, spread = 0 }) => [y - spread, y + spread]),
    ...references.map(({ y }) => y),
  ];
  const [from, to] = niceDomain(heights.length > 0 ? heights : [0, 1], { percent: true });
  const y = linearScale({ from, to, range: [box.bottom, box.top] });
  const x = xScaleOf(
    xScale,
    points.map((point) => point.x),
    [box.left, box.right],
    options.xTicks,
  );
  return {
    id,
    title,
    alt,
    width,
    height: box.bottom + BOTTOM,
    marks: [
      label(title, { class: 'heading', x: LEFT, y: 17 }),
      ...keys.marks,
      ...axes(options, x, y, box),
      ...references.map(({ style, y: height }) =>
        element('line', {
          class: `line ${style.class}`,
          x1: box.left,
          x2: box.right,
          y1: y.at(height),
          y2: y.at(height),
          'stroke-dasharray': style.dash,
        }),
      ),
      ...series.flatMap((one, index) => {
        const place = index - (series.length - 1) / 2;
        return drawSeries(one, x, y, xScale === 'step' ? place * DODGE : 0);
      }),
    ],
  };
}
