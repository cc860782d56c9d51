// One row per method, a dot with whisker at its accuracy, the published figure as a
// small bar: a column of a table to look at.
import { markerAt } from './markers.ts';
import { linearScale, niceDomain } from './scale.ts';
import { type Chart, element, label, type Markup } from './svg.ts';
import type { SeriesStyle } from './theme.ts';

export interface DotRow {
  readonly style: SeriesStyle;
  /** `undefined` where the cell is missing. */
  readonly value: number | undefined;
  readonly spread?: number | undefined;
  readonly published?: number | undefined;
}

export interface DotPanelOptions {
  readonly id: string;
  readonly title: string;
  readonly alt: string;
  readonly rows: readonly DotRow[];
  /** Value of the vertical line, e.g. the teacher's. */
  readonly reference?: number | undefined;
  readonly xLabel: string;
  /** @default {524} */
  readonly width?: number;
}

const LEFT = 160;
const RIGHT = 60;
const TOP = 34;
const ROW = 26;
/** A row further than this below the others is named at the edge instead of squeezing them. */
const FAR = 8;

/** Values that the axis spans: outliers below are left out. */
function spannedValues(rows: readonly DotRow[]): number[] {
  const values = rows.flatMap(({ value }) => (value === undefined ? [] : [value]));
  const middle = [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
  return rows.flatMap(({ value, spread = 0, published }) => {
    const own = value === undefined || value < middle - FAR ? [] : [value - spread, value + spread];
    return [...own, ...(published === undefined || published < middle - FAR ? [] : [published])];
  });
}

export function dotPanel(options: DotPanelOptions): Chart {
  const { id, title, alt, rows, reference, xLabel, width = 524 } = options;
  const bottom = TOP + rows.length * ROW + 4;
  const spanned = spannedValues(rows);
  const [from, to] = niceDomain(spanned.length > 0 ? spanned : [0, 1], { count: 4, percent: true });
  const x = linearScale({ from, to, range: [LEFT, width - RIGHT], ticks: 4 });
  const marks: Markup[] = [
    label(title, { class: 'heading', x: 12, y: 19 }),
    ...x.ticks.flatMap((tick) => [
      element('line', { class: 'grid', x1: x.at(tick), x2: x.at(tick), y1: TOP, y2: bottom }),
      label(x.format(tick), {
        class: 'soft',
        x: x.at(tick),
        y: bottom + 16,
        'text-anchor': 'middle',
      }),
    ]),
    label(xLabel, {
      class: 'soft',
      x: (LEFT + width - RIGHT) / 2,
      y: bottom + 34,
      'text-anchor': 'middle',
    }),
  ];
  if (reference !== undefined && reference >= from) {
    marks.push(
      element('line', {
        class: 'line teacher',
        x1: x.at(reference),
        x2: x.at(reference),
        y1: TOP,
        y2: bottom,
        'stroke-dasharray': '5 4',
      }),
    );
  }
  rows.forEach(({ style, value, spread = 0, published }, index) => {
    const y = TOP + (index + 0.5) * ROW;
    marks.push(label(style.name, { x: LEFT - 12, y: y + 4, 'text-anchor': 'end' }));
    if (published !== undefined && published >= from) {
      const at = x.at(published);
      marks.push(
        element('line', { class: `line ${style.class}`, x1: at, x2: at, y1: y - 8, y2: y + 8 }),
      );
    }
    if (value === undefined) {
      marks.push(label('missing', { class: 'soft', x: LEFT, y: y + 4 }));
      return;
    }
    if (value < from) {
      marks.push(label(`◂ ${value.toFixed(1)}`, { class: 'soft', x: LEFT, y: y + 4 }));
      return;
    }
    if (spread > 0) {
      const [low, high] = [
        x.at(Math.max(from, value - spread)),
        x.at(Math.min(to, value + spread)),
      ];
      marks.push(
        element('line', { class: `whisker ${style.class}`, x1: low, x2: high, y1: y, y2: y }),
      );
    }
    marks.push(
      markerAt(style, x.at(value), y),
      label(value.toFixed(1), { class: 'soft', x: width - RIGHT + 12, y: y + 4 }),
    );
  });
  return { id, title, alt, width, height: bottom + 44, marks };
}
