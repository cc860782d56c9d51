// A confusion matrix: rows are true classes, columns answers, shades the share of a row.
import { CHARACTER } from './markers.ts';
import { type Chart, element, label, type Markup } from './svg.ts';

export interface HeatMapOptions {
  readonly id: string;
  readonly title: string;
  readonly alt: string;
  readonly classes: readonly string[];
  /** [true class][answer], counts. */
  readonly counts: readonly (readonly number[])[];
}

const CELL = 30;
const TOP = 66;
/** Names beyond this many characters are cut; a matrix has no room for sentences. */
const MAX_NAME = 18;

const cut = (name: string) => (name.length > MAX_NAME ? `${name.slice(0, MAX_NAME - 1)}…` : name);

export function heatMap({ id, title, alt, classes, counts }: HeatMapOptions): Chart {
  const names = classes.map(cut);
  const longest = Math.max(...names.map(({ length }) => length));
  const left = Math.max(52, longest * CHARACTER + 36);
  const marks: Markup[] = [
    label(title, { class: 'heading', x: 12, y: 19 }),
    label('answered', { class: 'soft', x: left, y: 38 }),
    label('true class', {
      class: 'soft',
      transform: `translate(13 ${TOP + (classes.length * CELL) / 2}) rotate(-90)`,
      'text-anchor': 'middle',
    }),
  ];
  counts.forEach((row, i) => {
    const total = row.reduce((a, b) => a + b, 0);
    const y = TOP + i * CELL;
    marks.push(label(names[i], { x: left - 8, y: y + CELL / 2 + 4, 'text-anchor': 'end' }));
    const short = names[i].length <= 3;
    marks.push(
      label(short ? names[i] : String(i + 1), {
        x: left + (i + 0.5) * CELL,
        y: TOP - 8,
        'text-anchor': 'middle',
      }),
    );
    row.forEach((count, j) => {
      const share = total === 0 ? 0 : count / total;
      const x = left + j * CELL;
      marks.push(
        element('rect', { class: 'grid hollow', x, y, width: CELL, height: CELL }),
        element('rect', {
          class: 'heat',
          x: x + 1,
          y: y + 1,
          width: CELL - 2,
          height: CELL - 2,
          // Not rounded to a tenth like pixels.
          opacity: (share * 0.9).toFixed(3),
        }),
      );
      const percent = Math.round(100 * share);
      if (percent > 0) {
        marks.push(
          label(String(percent), {
            class: share > 0.55 ? 'on-heat' : undefined,
            x: x + CELL / 2,
            y: y + CELL / 2 + 4,
            'text-anchor': 'middle',
          }),
        );
      }
    });
  });
  const width = left + classes.length * CELL + 16;
  return {
    id,
    title,
    alt,
    width: Math.max(width, title.length * 7 + 24),
    height: TOP + classes.length * CELL + 12,
    marks,
  };
}
