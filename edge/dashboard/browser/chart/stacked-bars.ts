// Bars of parts over time, e.g. answers by stage and hour.
import { h, svg } from '../dom.ts';

export interface StackedBarsOptions {
  /** What the chart shows, for screen readers; the numbers are in the table below it. */
  readonly label: string;
  /** Names of the parts, from the bottom up. */
  readonly parts: readonly string[];
  /** One bar each: its name under the axis, in full, and the values of its parts. */
  readonly bars: readonly {
    readonly tick: string;
    readonly title: string;
    readonly values: readonly number[];
  }[];
  readonly format: (value: number) => string;
  /** Width of the drawing against its height of 200; twice as much where it spans the page. @default {640} */
  readonly width?: number;
}

const HEIGHT = 200;
const LEFT = 44;
const BOTTOM = 22;
const TOP = 8;

/** Ticks below the axis that do not run into each other. */
const MAX_TICKS = 8;

/** The next 1, 2 or 5 times a power of ten. */
export function niceCeiling(value: number): number {
  if (value <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return ([1, 2, 5].find((step) => step * power >= value) ?? 10) * power;
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

function legend(parts: readonly string[]): HTMLElement {
  return h(
    'ul',
    { class: 'legend' },
    parts.map((part, index) => h('li', {}, h('span', { class: `swatch part-${index}` }), part)),
  );
}

export function stackedBars(options: StackedBarsOptions): HTMLElement {
  const { label, parts, bars, format, width: across = 640 } = options;
  const top = niceCeiling(Math.max(...bars.map(({ values }) => sum(values)), 0));
  const y = (value: number) => TOP + (HEIGHT - TOP - BOTTOM) * (1 - value / top);
  const step = (across - LEFT) / Math.max(1, bars.length);
  const every = Math.ceil(bars.length / MAX_TICKS);
  const grid = [0, top / 2, top].map((value) => [
    svg('line', { class: 'grid', x1: LEFT, x2: across, y1: y(value), y2: y(value) }),
    svg(
      'text',
      { class: 'axis', x: LEFT - 6, y: y(value) + 4, 'text-anchor': 'end' },
      format(value),
    ),
  ]);
  const columns = bars.map(({ tick, title, values }, index) => {
    const x = LEFT + index * step;
    let below = 0;
    const boxes = values.map((value, part) => {
      const from = below;
      below += value;
      const height = y(from) - y(below);
      const width = Math.max(1, step - 2);
      return svg('rect', { class: `part-${part}`, x: x + 1, y: y(below), width, height });
    });
    const words = parts.map((part, k) => `${part}: ${format(values[k] ?? 0)}`);
    return svg(
      'g',
      {},
      svg('title', {}, [title, ...words].join('\n')),
      svg('rect', { class: 'hit', x, y: TOP, width: step, height: HEIGHT - TOP - BOTTOM }),
      boxes,
      index % every === 0 &&
        svg(
          'text',
          { class: 'axis', x: x + step / 2, y: HEIGHT - 6, 'text-anchor': 'middle' },
          tick,
        ),
    );
  });
  return h(
    'figure',
    { class: 'chart' },
    svg(
      'svg',
      { viewBox: `0 0 ${across} ${HEIGHT}`, role: 'img', 'aria-label': label },
      grid,
      columns,
    ),
    legend(parts),
  );
}
