// A horizontal bar to the left or right of a middle line, for a cell of a table.
import { svg } from '../dom.ts';

const HALF = 50;
const HEIGHT = 12;

/** @param most the largest absolute value of the table. The number stands beside it. */
export function signedBar(value: number, most: number): SVGElement {
  const length = most === 0 ? 0 : (HALF * Math.abs(value)) / most;
  return svg(
    'svg',
    {
      class: 'signed',
      viewBox: `0 0 ${2 * HALF} ${HEIGHT}`,
      preserveAspectRatio: 'none',
      'aria-hidden': 'true',
    },
    svg('rect', {
      class: value < 0 ? 'less' : 'more',
      x: value < 0 ? HALF - length : HALF,
      y: 1,
      width: length,
      height: HEIGHT - 2,
    }),
    svg('line', { class: 'middle', x1: HALF, x2: HALF, y1: 0, y2: HEIGHT }),
  );
}
