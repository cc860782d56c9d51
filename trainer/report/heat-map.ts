// A confusion matrix: rows are true classes, columns answers, shades the share of a row.
import { type Chart, element, label, type Markup } from './svg.ts';
import { CHARACTER, cutToWidth, textWidth } from './text-width.ts';

export interface HeatMapOptions {
  readonly id: string;
  readonly title: string;
  readonly alt: string;
  readonly classes: readonly string[];
  /** [true class][answer], counts. */
  readonly counts: readonly (readonly number[])[];
  /** @default {answered} */
  readonly answered?: string;
  /** @default {true class} */
  readonly trueClass?: string;
}

const CELL = 30;
/** Width of a title beside that of 12 px text: 13 px, bold. */
const BOLD = 1.2;
const TOP = 66;
/** Names beyond 18 characters are cut; a matrix has no room for sentences. */
const MAX_NAME = 18 * CHARACTER;

export function heatMap(options: HeatMapOptions): Chart {
  const { id, title, alt, classes, counts } = options;
  const { answered = 'answered', trueClass = 'true class' } = options;
  const cut = classes.map((name) => cutToWidth(name, MAX_NAME));
  const fits = cut.map((name) => textWidth(name) <= CELL - 4);
  // Columns too narrow for their name have the number of their row.
  const names = cut.map((name, i) => (fits[i] ? name : `${i + 1} ${name}`));
  const left = Math.max(52, Math.max(...names.map(textWidth)) + 36);
  const marks: Markup[] = [
    label(title, { class: 'heading', x: 12, y: 19 }),
    label(answered, { class: 'soft', x: left, y: 38 }),
    label(trueClass, {
      class: 'soft',
      transform: `translate(13 ${TOP + (classes.length * CELL) / 2}) rotate(-90)`,
      'text-anchor': 'middle',
    }),
  ];
  counts.forEach((row, i) => {
    const total = row.reduce((a, b) => a + b, 0);
    const y = TOP + i * CELL;
    marks.push(label(names[i], { x: left - 8, y: y + CELL / 2 + 4, 'text-anchor': 'end' }));
    marks.push(
      label(fits[i] ? names[i] : String(i + 1), {
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
    width: Math.max(width, BOLD * textWidth(title) + 24),
    height: TOP + classes.length * CELL + 12,
    marks,
  };
}
