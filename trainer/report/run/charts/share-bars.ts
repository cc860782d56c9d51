// Horizontal bars from 0 to 100 %, several to a row, each with its figure: recall of classes,
// accuracy of assets, where nodes stop.
import { legend } from '../../markers.ts';
import { linearScale } from '../../scale.ts';
import { type Chart, element, label, type Markup } from '../../svg.ts';
import { cutToWidth, textWidth } from '../../text-width.ts';
import type { SeriesStyle } from '../../theme.ts';

export interface ShareBar {
  readonly style: SeriesStyle;
  /** 0..1; `undefined` where there is none. */
  readonly share: number | undefined;
  /** 95 % interval, 0..1. */
  readonly interval?: readonly [number, number] | undefined;
}

export interface ShareBarsOptions {
  readonly id: string;
  readonly title: string;
  readonly alt: string;
  readonly rows: readonly { readonly name: string; readonly bars: readonly ShareBar[] }[];
  /** An upright line, e.g. the mean. */
  readonly reference?: number | undefined;
  /** @default {440} */
  readonly width?: number;
}

const RIGHT = 60;
/** Names have at most this much room, pixels. */
const MAX_LEFT = 160;
const BAR = 14;
const GAP = 10;

/** 0..1 as text. */
const shareText = (share: number | undefined) =>
  share === undefined ? '—' : `${(100 * share).toFixed(1)} %`;

export function shareBars(options: ShareBarsOptions): Chart {
  const { id, title, alt, rows, reference, width = 440 } = options;
  const names = rows.map(({ name }) => cutToWidth(name, MAX_LEFT - 22));
  const left = Math.max(60, Math.max(0, ...names.map(textWidth)) + 22);
  const styles = new Map(rows.flatMap(({ bars }) => bars.map(({ style }) => [style.name, style])));
  const keys =
    styles.size < 2
      ? { marks: [], height: 0 }
      : legend([...styles.values()], { x: left, y: 26, width: width - left });
  const top = 32 + keys.height;
  const x = linearScale({ from: 0, to: 1, range: [left, width - RIGHT] });
  const marks: Markup[] = [];
  let y = top;
  rows.forEach(({ bars }, row) => {
    const middle = y + (bars.length * BAR) / 2;
    marks.push(label(names[row], { x: left - 10, y: middle + 4, 'text-anchor': 'end' }));
    for (const { style, share, interval } of bars) {
      const center = y + BAR / 2;
      marks.push(
        element('rect', {
          class: `bar fill ${style.class}`,
          x: left,
          y: y + 1.5,
          width: Math.max(1, x.at(share ?? 0) - left),
          height: BAR - 3,
        }),
        label(shareText(share), { class: 'soft', x: width - RIGHT + 8, y: center + 4 }),
      );
      if (interval !== undefined) {
        const [from, to] = interval.map(x.at);
        marks.push(
          element('path', {
            class: 'axis',
            fill: 'none',
            d: `M${from.toFixed(1)},${(center - 3).toFixed(1)}v6m0,-3H${to.toFixed(1)}m0,-3v6`,
          }),
        );
      }
      y += BAR;
    }
    y += GAP;
  });
  const bottom = y;
  const at = (share: number) => ({ x1: x.at(share), x2: x.at(share), y1: top, y2: bottom });
  const grid = [0, 0.25, 0.5, 0.75, 1].flatMap((tick) => [
    element('line', { class: tick === 0 ? 'axis' : 'grid', ...at(tick) }),
    label(`${100 * tick} %`, {
      class: 'soft',
      x: x.at(tick),
      y: bottom + 16,
      'text-anchor': 'middle',
    }),
  ]);
  const line =
    reference === undefined
      ? []
      : [element('line', { class: 'line teacher', ...at(reference), 'stroke-dasharray': '5 4' })];
  return {
    id,
    title,
    alt,
    width,
    height: bottom + 26,
    marks: [
      label(title, { class: 'heading', x: 4, y: 17 }),
      ...keys.marks,
      ...grid,
      ...marks,
      ...line,
    ],
  };
}
