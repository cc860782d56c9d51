// The two pictures of a search: accuracy by trial, and by each parameter.
import type { Dimension, Space } from '../space.ts';
import { DRAWING_ORDER, drawLegend, drawPoint, KIND_NAMES } from './draw-point.ts';
import { element, escapeText } from './markup.ts';
import { accuracyDomain, type Point, type PointKind } from './points.ts';
import { dimensionScale, linearScale, type Scale } from './scale.ts';

interface Frame {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

const byLayer = (a: Point, b: Point) =>
  DRAWING_ORDER.indexOf(a.kind) - DRAWING_ORDER.indexOf(b.kind);

const percentLabel = (value: number) => `${Number((100 * value).toFixed(2))} %`;

function accuracyScale(points: readonly Point[], { top, bottom }: Frame, count: number) {
  return linearScale({
    domain: accuracyDomain(points),
    range: [bottom, top],
    count,
    label: percentLabel,
  });
}

/** Grid lines with the accuracies, and the names below. */
function axes(frame: Frame, x: Scale<never>, y: Scale<number>): string {
  const { left, right, bottom } = frame;
  const rows = y.ticks.map(
    ({ at, label }) =>
      element('line', { class: 'grid', x1: left, x2: right, y1: at, y2: at }) +
      element('text', { class: 'tick', x: left - 8, y: at + 4, 'text-anchor': 'end' }, label),
  );
  const columns = x.ticks.map(({ at, label }) =>
    element(
      'text',
      { class: 'tick', x: at, y: bottom + 18, 'text-anchor': 'middle' },
      escapeText(label),
    ),
  );
  return [...rows, ...columns].join('');
}

function picture(width: number, height: number, title: string, description: string, body: string) {
  return element(
    'svg',
    { xmlns: 'http://www.w3.org/2000/svg', viewBox: `0 0 ${width} ${height}`, role: 'img' },
    element('title', {}, escapeText(title)),
    element('desc', {}, escapeText(description)),
    body,
  );
}

const TRIALS = { width: 920, height: 400 };

/** Accuracy of every trial in the order of their numbers, and the best up to each. */
export function trialsPlot(points: readonly Point[]): string {
  const frame: Frame = { left: 70, right: TRIALS.width - 16, top: 40, bottom: TRIALS.height - 48 };
  const y = accuracyScale(points, frame, 8);
  const x = linearScale({
    domain: [-0.5, points.length - 0.5],
    range: [frame.left, frame.right],
    count: 12,
    label: String,
  });
  const whole = { ...x, ticks: x.ticks.filter(({ label }) => Number.isInteger(Number(label))) };
  let best = 0;
  const steps = points.map(({ kind, accuracy, trial }) => {
    if (kind !== 'pruned' && kind !== 'failed') best = Math.max(best, accuracy);
    const height = Math.min(y.at(best), frame.bottom);
    return `${trial === 0 ? 'M' : 'L'}${x.at(trial - 0.5).toFixed(1)} ${height.toFixed(1)}H${x.at(trial + 0.5).toFixed(1)}`;
  });
  const marks = [...points].sort(byLayer).map((point) =>
    drawPoint({
      point,
      x: x.at(point.trial),
      y: point.kind === 'failed' ? frame.bottom : y.at(point.accuracy),
      edge: frame.bottom,
    }),
  );
  const kinds = (Object.keys(KIND_NAMES) as PointKind[]).filter((kind) =>
    points.some((point) => point.kind === kind),
  );
  const [winner] = points.filter(({ kind }) => kind === 'best');
  const middle = (frame.left + frame.right) / 2;
  return picture(
    TRIALS.width,
    TRIALS.height,
    'Validation accuracy by trial',
    `${points.length} trials. Best: ${winner.title}.`,
    [
      axes(frame, whole, y),
      element('path', { class: 'best-so-far', d: steps.join('') }),
      ...marks,
      drawLegend(kinds, frame.left + 8, 18),
      element(
        'text',
        { class: 'name', x: middle, y: TRIALS.height - 8, 'text-anchor': 'middle' },
        'trial',
      ),
    ].join(''),
  );
}

const PANEL = { width: 300, height: 220 };

/** Neighbouring trials of one value stand side by side: seven lanes over half its room. */
const LANES = 7;

/** The middle of the accuracies at one value. */
function medianOf(points: readonly Point[]): number {
  const sorted = points.map(({ accuracy }) => accuracy).sort((a, b) => a - b);
  const half = (sorted.length - 1) / 2;
  return (sorted[Math.floor(half)] + sorted[Math.ceil(half)]) / 2;
}

function medians(points: readonly Point[], name: string, dimension: Dimension, frame: Frame) {
  if (dimension.kind === 'range') return '';
  const x = dimensionScale(dimension, [frame.left, frame.right]);
  const y = accuracyScale(points, frame, 5);
  const half = (0.38 * (frame.right - frame.left)) / dimension.values.length;
  return dimension.values
    .map((value) => {
      const own = points.filter(
        ({ parameters, kind }) => parameters[name] === value && kind !== 'failed',
      );
      if (own.length === 0) return '';
      const height = Math.min(y.at(medianOf(own)), frame.bottom);
      const at = x.at(value);
      return element('line', {
        class: 'median',
        x1: at - half,
        x2: at + half,
        y1: height,
        y2: height,
      });
    })
    .join('');
}

function parameterPlot(all: readonly Point[], name: string, dimension: Dimension): string {
  const frame: Frame = { left: 56, right: PANEL.width - 8, top: 28, bottom: PANEL.height - 28 };
  const x = dimensionScale(dimension, [frame.left, frame.right]);
  const y = accuracyScale(all, frame, 5);
  const points = all.filter(({ parameters }) => parameters[name] !== undefined);
  const lane =
    dimension.kind === 'choice'
      ? (0.5 * (frame.right - frame.left)) / dimension.values.length / LANES
      : 0;
  const marks = [...points].sort(byLayer).map((point) =>
    drawPoint({
      point,
      x: x.at(point.parameters[name]) + lane * ((point.trial % LANES) - (LANES - 1) / 2),
      y: point.kind === 'failed' ? frame.bottom : y.at(point.accuracy),
      edge: frame.bottom,
    }),
  );
  return picture(
    PANEL.width,
    PANEL.height,
    `Validation accuracy by ${name}`,
    `${points.length} trials by ${name}; the lines are medians.`,
    [
      axes(frame, x, y),
      element('text', { class: 'name', x: frame.left, y: 16 }, escapeText(name)),
      medians(all, name, dimension, frame),
      ...marks,
    ].join(''),
  );
}

/** One picture per parameter. */
export function parameterPlots(points: readonly Point[], space: Space): string[] {
  return Object.entries(space).map(([name, dimension]) => parameterPlot(points, name, dimension));
}
