// When incidents were noticed: one mark per incident on an axis of time from the fault's begin, one
// row per class; those never noticed stand at the right.
import { markerAt } from '../../markers.ts';
import { linearScale } from '../../scale.ts';
import { type Chart, element, label, type Markup } from '../../svg.ts';
import { cutToWidth, textWidth } from '../../text-width.ts';
import type { SeriesStyle } from '../../theme.ts';
import { verticalGrid } from '../../vertical-grid.ts';

export interface DelayChartOptions {
  readonly id: string;
  readonly title: string;
  readonly alt: string;
  readonly xLabel: string;
  /** Heading of those without a delay. */
  readonly missed: string;
  readonly style: SeriesStyle;
  /** In units of the axis; `undefined`: missed. */
  readonly rows: readonly {
    readonly name: string;
    readonly delays: readonly (number | undefined)[];
  }[];
  /** @default {480} */
  readonly width?: number;
}

const ROW = 26;
const TOP = 44;
const MISSED = 60;
const MAX_LEFT = 140;
/** Incidents of nearly one delay are spread over this height, so that many are seen as many. */
const SPREAD = 12;
/** In turn, above and below the middle. */
const LANES = 5;

export function delayChart(options: DelayChartOptions): Chart {
  const { id, title, alt, xLabel, missed, style, rows, width = 480 } = options;
  const names = rows.map(({ name }) => cutToWidth(name, MAX_LEFT - 22));
  const left = Math.max(60, Math.max(0, ...names.map(textWidth)) + 22);
  const known = rows.flatMap(({ delays }) => delays.filter((delay) => delay !== undefined));
  const low = Math.min(0, ...known);
  const high = Math.max(1, ...known);
  const margin = (high - low) * 0.04;
  const right = width - MISSED;
  const x = linearScale({ from: low - margin, to: high + margin, range: [left, right], ticks: 5 });
  const bottom = TOP + rows.length * ROW;
  const marks: Markup[] = rows.flatMap(({ delays }, row) => {
    const middle = TOP + (row + 0.5) * ROW;
    const lost = delays.filter((delay) => delay === undefined).length;
    const sorted = delays.filter((delay) => delay !== undefined).sort((a, b) => a - b);
    return [
      element('line', { class: 'grid', x1: left, x2: right, y1: middle, y2: middle }),
      label(names[row], { x: left - 10, y: middle + 4, 'text-anchor': 'end' }),
      ...sorted.map((delay, i) => {
        const lane = ((i % LANES) - (LANES - 1) / 2) / LANES;
        return markerAt(style, x.at(delay), middle + (sorted.length > 1 ? lane * SPREAD : 0));
      }),
      label(lost === 0 ? '—' : String(lost), {
        class: lost === 0 ? 'soft' : 'heading',
        x: right + MISSED / 2,
        y: middle + 4,
        'text-anchor': 'middle',
      }),
    ];
  });
  const ticks = verticalGrid(x, { top: TOP, bottom });
  return {
    id,
    title,
    alt,
    width,
    height: bottom + 42,
    marks: [
      label(title, { class: 'heading', x: 4, y: 17 }),
      label(missed, { class: 'soft', x: right + MISSED / 2, y: 36, 'text-anchor': 'middle' }),
      ...ticks,
      ...marks,
      label(xLabel, {
        class: 'soft',
        x: (left + right) / 2,
        y: bottom + 35,
        'text-anchor': 'middle',
      }),
    ],
  };
}
