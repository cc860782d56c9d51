// The marks of points: shapes differ, so that colour is never the only sign.
import { element, escapeText, type Markup } from './svg.ts';
import { textWidth } from './text-width.ts';
import type { Marker, SeriesStyle } from './theme.ts';

const SIZE = 4.2;

const polygon = (points: readonly (readonly [number, number])[], className: string) =>
  element('polygon', {
    class: className,
    points: points.map((point) => point.map((v) => v.toFixed(1)).join(',')).join(' '),
  });

const SHAPES: Readonly<Record<Marker, (x: number, y: number, className: string) => Markup>> = {
  circle: (cx, cy, name) =>
    element('circle', { class: `mark fill ${name}`, cx, cy, r: SIZE * 0.95 }),
  ring: (cx, cy, name) => element('circle', { class: `mark hollow ${name}`, cx, cy, r: SIZE }),
  square: (x, y, name) =>
    element('rect', {
      class: `mark hollow ${name}`,
      x: x - SIZE * 0.85,
      y: y - SIZE * 0.85,
      width: SIZE * 1.7,
      height: SIZE * 1.7,
    }),
  triangle: (x, y, name) =>
    polygon(
      [
        [x, y - SIZE * 1.2],
        [x + SIZE * 1.1, y + SIZE * 0.8],
        [x - SIZE * 1.1, y + SIZE * 0.8],
      ],
      `mark fill ${name}`,
    ),
  diamond: (x, y, name) =>
    polygon(
      [
        [x, y - SIZE * 1.25],
        [x + SIZE * 1.25, y],
        [x, y + SIZE * 1.25],
        [x - SIZE * 1.25, y],
      ],
      `mark hollow ${name}`,
    ),
  cross: (x, y, name) =>
    element('path', {
      class: `mark ${name}`,
      d: `M${x - SIZE},${y - SIZE}L${x + SIZE},${y + SIZE}M${x - SIZE},${y + SIZE}L${x + SIZE},${y - SIZE}`,
    }),
};

export const markerAt = ({ marker, class: name }: SeriesStyle, x: number, y: number): Markup =>
  SHAPES[marker](x, y, name);

const KEY = 26;
const GAP = 16;
export const LEGEND_ROW = 20;

/** Keys of the series, in rows that fit `width`. @returns the marks and how high they are. */
export function legend(
  series: readonly SeriesStyle[],
  { x, y, width }: { x: number; y: number; width: number },
): { marks: Markup[]; height: number } {
  const marks: Markup[] = [];
  let left = x;
  let top = y;
  for (const style of series) {
    const own = KEY + textWidth(style.name) + GAP;
    if (left > x && left + own - GAP > x + width) {
      left = x;
      top += LEGEND_ROW;
    }
    const middle = top + LEGEND_ROW / 2;
    marks.push(
      element('line', {
        class: `line ${style.class}`,
        x1: left,
        y1: middle,
        x2: left + KEY - 6,
        y2: middle,
        'stroke-dasharray': style.dash,
      }),
      ...(style.class === 'teacher' ? [] : [markerAt(style, left + (KEY - 6) / 2, middle)]),
      element('text', { x: left + KEY, y: middle + 4 }, escapeText(style.name)),
    );
    left += own;
  }
  return { marks, height: series.length === 0 ? 0 : top + LEGEND_ROW - y };
}
