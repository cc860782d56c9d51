// The lines and numbers of an axis of values that runs from left to right.
import type { Scale } from './scale.ts';
import { element, label, type Markup } from './svg.ts';

/** Ticks are multiples of their step: zero may come out as the rounding of one. */
const isZero = (tick: number) => Math.abs(tick) < 1e-9;

/** A line from `top` to `bottom` for every tick, zero as an axis, with its number below. */
export function verticalGrid(x: Scale, { top, bottom }: { top: number; bottom: number }): Markup[] {
  return x.ticks.flatMap((tick) => [
    element('line', {
      class: isZero(tick) ? 'axis' : 'grid',
      x1: x.at(tick),
      x2: x.at(tick),
      y1: top,
      y2: bottom,
    }),
    label(x.format(tick), {
      class: 'soft',
      x: x.at(tick),
      y: bottom + 16,
      'text-anchor': 'middle',
    }),
  ]);
}
