// Horizontal bars from zero with whiskers: what leaving a component out costs.
import { linearScale, niceDomain, withMinus } from './scale.ts';
import { type Chart, element, label, type Markup } from './svg.ts';
import type { SeriesStyle } from './theme.ts';
import { verticalGrid } from './vertical-grid.ts';

export interface Bar {
  readonly group: string;
  readonly name: string;
  readonly style: SeriesStyle;
  /** `undefined` where the cell is missing. */
  readonly value: number | undefined;
  readonly spread?: number | undefined;
}

export interface BarChartOptions {
  readonly id: string;
  readonly title: string;
  readonly alt: string;
  readonly xLabel: string;
  /** Bars of one group stand together, in the order given. */
  readonly bars: readonly Bar[];
  /** @default {640} */
  readonly width?: number;
}

const LEFT = 220;
const RIGHT = 64;
const TOP = 34;
const ROW = 20;
const GAP = 12;

export function barChart(options: BarChartOptions): Chart {
  const { id, title, alt, xLabel, bars, width = 640 } = options;
  const ends = bars.flatMap(({ value, spread = 0 }) =>
    value === undefined ? [] : [value - spread, value + spread],
  );
  const [from, to] = niceDomain([0, ...ends]);
  const x = linearScale({ from, to, range: [LEFT, width - RIGHT] });
  const rows: Markup[] = [];
  let y = TOP;
  bars.forEach(({ group, name, style, value, spread = 0 }, index) => {
    if (index === 0 || bars[index - 1].group !== group) {
      y += index === 0 ? 0 : GAP;
      rows.push(label(group, { class: 'heading', x: 12, y: y + 14 }));
    }
    const middle = y + ROW / 2;
    rows.push(label(name, { x: LEFT - 10, y: middle + 4, 'text-anchor': 'end' }));
    if (value === undefined) {
      rows.push(label('missing', { class: 'soft', x: x.at(0) + 6, y: middle + 4 }));
    } else {
      const [begin, end] = [x.at(Math.min(0, value)), x.at(Math.max(0, value))];
      rows.push(
        element('rect', {
          class: `bar fill ${style.class}`,
          x: begin,
          y: y + 3,
          width: Math.max(1, end - begin),
          height: ROW - 6,
        }),
      );
      if (spread > 0) {
        const [low, high] = [x.at(value - spread), x.at(value + spread)];
        rows.push(element('line', { class: 'axis', x1: low, x2: high, y1: middle, y2: middle }));
      }
      rows.push(
        label(withMinus(`${value > 0 ? '+' : ''}${value.toFixed(2)}`), {
          class: 'soft',
          x: width - RIGHT + 12,
          y: middle + 4,
        }),
      );
    }
    y += ROW;
  });
  const bottom = y + 6;
  const grid = verticalGrid(x, { top: TOP, bottom });
  const marks = [
    label(title, { class: 'heading', x: 12, y: 19 }),
    ...grid,
    label(xLabel, {
      class: 'soft',
      x: (LEFT + width - RIGHT) / 2,
      y: bottom + 34,
      'text-anchor': 'middle',
    }),
    ...rows,
  ];
  return { id, title, alt, width, height: bottom + 44, marks };
}
