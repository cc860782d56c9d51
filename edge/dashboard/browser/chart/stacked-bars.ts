// Bars of parts over time, e.g. answers by stage and hour.
import { h, svg } from '../dom.ts';
import { t } from '../i18n/index.ts';
import { table } from '../ui/table.ts';
import { fitted } from './fitted.ts';
import { niceCeiling, tickStep } from './scale.ts';

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
  /** Place of the first bar in the round of named bars, e.g. its hour. @default {0} */
  readonly phase?: number;
  /** Top of the axis. @default {a round number above the highest bar} */
  readonly top?: number;
  /** In CSS pixels. @default {200} */
  readonly height?: number;
}

const LEFT = 48;
const BOTTOM = 22;
const TOP = 10;

/** Names below the axis that do not run into each other: pixels for each. */
const TICK_WIDTH = 64;

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

/** The highest bar of several charts that are to be compared. */
export const topOf = (bars: StackedBarsOptions['bars']): number =>
  niceCeiling(Math.max(...bars.map(({ values }) => sum(values)), 0));

function legend(parts: readonly string[]): HTMLElement {
  return h(
    'ul',
    { class: 'legend' },
    parts.map((part, index) => h('li', {}, h('span', { class: `swatch part-${index}` }), part)),
  );
}

/** The same numbers to read; made when somebody asks. */
function numbers({ label, parts, bars, format }: StackedBarsOptions): HTMLElement {
  const fill = () =>
    table({
      label,
      rows: bars,
      columns: [
        { title: '', cell: ({ title }) => title },
        ...parts.map((part, k) => ({
          title: part,
          numeric: true,
          cell: ({ values }: StackedBarsOptions['bars'][number]) => format(values[k] ?? 0),
        })),
      ],
    });
  const details = h('details', { 'data-name': label }, h('summary', {}, t('chart.numbers')));
  details.addEventListener('toggle', () => {
    if (details.open && details.childElementCount === 1) details.append(fill());
  });
  return details;
}

function drawing(options: StackedBarsOptions, across: number): SVGElement {
  const { label, parts, bars, format, phase = 0, top = topOf(bars), height: tall = 200 } = options;
  const y = (value: number) => TOP + (tall - TOP - BOTTOM) * (1 - value / top);
  const step = (across - LEFT) / Math.max(1, bars.length);
  const every = tickStep(bars.length, (across - LEFT) / TICK_WIDTH);
  const middle = format(top / 2) === format(top) ? [] : [top / 2];
  const grid = [0, ...middle, top].map((value) => [
    svg('line', { class: 'grid', x1: LEFT, x2: across, y1: y(value), y2: y(value) }),
    svg(
      'text',
      { class: 'axis', x: LEFT - 6, y: y(value) + 4, 'text-anchor': 'end' },
      format(value),
    ),
  ]);
  const columns = bars.map(({ tick, title, values }, index) => {
    const x = LEFT + index * step;
    const gap = step > 6 ? 2 : 1;
    let below = 0;
    const boxes = values.map((value, part) => {
      const from = below;
      below += value;
      const height = y(from) - y(below);
      const width = Math.max(1, step - gap);
      return svg('rect', { class: `part-${part}`, x: x + gap / 2, y: y(below), width, height });
    });
    const words = parts.map((part, k) => `${part}: ${format(values[k] ?? 0)}`);
    // Near an edge a name would be cut off.
    const room = x + step / 2 > LEFT + 12 && x + step / 2 < across - 12;
    return svg(
      'g',
      {},
      svg('title', {}, [title, ...words].join('\n')),
      svg('rect', { class: 'hit', x, y: TOP, width: step, height: tall - TOP - BOTTOM }),
      boxes,
      (index + phase) % every === 0 &&
        room &&
        svg('text', { class: 'axis', x: x + step / 2, y: tall - 6, 'text-anchor': 'middle' }, tick),
    );
  });
  return svg(
    'svg',
    { viewBox: `0 0 ${across} ${tall}`, role: 'img', 'aria-label': label },
    grid,
    columns,
  );
}

export function stackedBars(options: StackedBarsOptions): HTMLElement {
  return h(
    'figure',
    { class: 'chart' },
    fitted((width) => drawing(options, width)),
    options.parts.length > 1 && legend(options.parts),
    numbers(options),
  );
}
