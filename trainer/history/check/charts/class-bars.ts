// Labelled windows of each class, and which set they are in.
import { linearScale, niceDomain } from '../../../report/scale.ts';
import { type Chart, element, label, type Markup } from '../../../report/svg.ts';
import { countText } from '../figures.ts';
import { cutToRoom, textRoom } from './text-room.ts';

export interface ClassBarsOptions {
  readonly id: string;
  readonly title: string;
  readonly alt: string;
  /** Names of the parts of a bar, the last being what is in no set. */
  readonly parts: readonly string[];
  readonly rows: readonly { readonly name: string; readonly counts: readonly number[] }[];
}

/** From the colours of the theme; hollow is what is in no set. */
const FILLS = ['bar fill eglnn', 'bar fill glnn', 'bar fill paper', 'axis hollow'] as const;

const WIDTH = 760;
const RIGHT = 84;
const TOP = 52;
const ROW = 24;
const MAX_NAME = 220;

function legendOf(parts: readonly string[]): Markup[] {
  let x = 12;
  return parts.flatMap((part, i) => {
    const begin = x;
    x += 20 + textRoom(part) + 18;
    return [
      element('rect', { class: FILLS[i % FILLS.length], x: begin, y: 30, width: 12, height: 12 }),
      label(part, { class: 'soft', x: begin + 18, y: 40 }),
    ];
  });
}

export function classBars({ id, title, alt, parts, rows }: ClassBarsOptions): Chart {
  const totals = rows.map(({ counts }) => counts.reduce((a, b) => a + b, 0));
  const left = 24 + Math.min(MAX_NAME, Math.max(60, ...rows.map(({ name }) => textRoom(name))));
  const [from, to] = niceDomain([0, Math.max(1, ...totals)]);
  const x = linearScale({ from, to, range: [left, WIDTH - RIGHT] });
  const bottom = TOP + rows.length * ROW;
  const bars = rows.flatMap(({ name, counts }, row) => {
    const y = TOP + row * ROW;
    let sum = 0;
    const marks = counts.flatMap((count, i) => {
      const begin = x.at(sum);
      sum += count;
      if (count === 0) return [];
      const width = Math.max(1, x.at(sum) - begin);
      return [
        element('rect', {
          class: FILLS[i % FILLS.length],
          x: begin,
          y: y + 4,
          width,
          height: ROW - 8,
        }),
      ];
    });
    return [
      label(cutToRoom(name, MAX_NAME), { x: left - 10, y: y + 16, 'text-anchor': 'end' }),
      ...marks,
      label(countText(totals[row]), { class: 'soft', x: x.at(sum) + 6, y: y + 16 }),
    ];
  });
  const axis = x.ticks.flatMap((tick) => [
    element('line', {
      class: tick === 0 ? 'axis' : 'grid',
      ...{ x1: x.at(tick), x2: x.at(tick), y1: TOP, y2: bottom },
    }),
    // The first tick may be −0.
    label(countText(tick + 0), {
      class: 'soft',
      x: x.at(tick),
      y: bottom + 16,
      'text-anchor': 'middle',
    }),
  ]);
  const marks = [
    label(title, { class: 'heading', x: 12, y: 18 }),
    ...legendOf(parts),
    ...axis,
    ...bars,
  ];
  return { id, title, alt, width: WIDTH, height: bottom + 26, marks };
}
