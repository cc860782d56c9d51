// One point of a plot. Kinds differ in shape as well as in colour, for eyes that tell
// colours badly and for paper.
import { element, escapeText } from './markup.ts';
import type { Point, PointKind } from './points.ts';

const shapes: Readonly<Record<PointKind, (x: number, y: number) => string>> = {
  pruned: (cx, cy) => element('circle', { cx, cy, r: 3.5 }),
  full: (cx, cy) => element('circle', { cx, cy, r: 4.5 }),
  untuned: (x, y) => element('rect', { x: x - 4.5, y: y - 4.5, width: 9, height: 9 }),
  best: (x, y) => element('path', { d: `M${x} ${y - 8}l7 8l-7 8l-7-8z` }),
  failed: (x, y) => element('path', { d: `M${x - 4} ${y - 4}l8 8m0-8l-8 8` }),
};

/** What each kind is called in the legend. */
export const KIND_NAMES: Readonly<Record<PointKind, string>> = {
  best: 'best',
  full: 'all its students trained',
  untuned: 'without tuning',
  pruned: 'stopped early',
  failed: 'failed',
};

/** Drawn in this order, so that what matters lies on top. */
export const DRAWING_ORDER: readonly PointKind[] = ['failed', 'pruned', 'full', 'untuned', 'best'];

export interface DrawPointOptions {
  readonly point: Point;
  readonly x: number;
  readonly y: number;
  /** y of the plot's lower edge: a point below stands there with an arrow. */
  readonly edge: number;
}

export function drawPoint({ point, x, y, edge }: DrawPointOptions): string {
  const { kind, title } = point;
  const below = kind !== 'failed' && y > edge;
  const shape = below
    ? element('path', { d: `M${x - 4} ${edge - 7}h8l-4 7z` })
    : shapes[kind](x, Math.min(y, edge));
  return element('g', { class: `point ${kind}` }, element('title', {}, escapeText(title)), shape);
}

export function drawLegend(kinds: readonly PointKind[], x: number, y: number): string {
  let at = x;
  const entries = kinds.map((kind) => {
    const name = KIND_NAMES[kind];
    const shape = element('g', { class: `point ${kind}` }, shapes[kind](at, y));
    const words = element('text', { x: at + 11, y: y + 4 }, name);
    // About 6.6 px a letter at this size, and room to the next.
    at += 11 + 6.6 * name.length + 22;
    return shape + words;
  });
  return element('g', { class: 'legend' }, ...entries);
}
