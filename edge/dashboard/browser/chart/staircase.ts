// Stages as a staircase: on each step the confidence, and the threshold it had to reach.
import { h, svg } from '../dom.ts';
import { percent } from '../format.ts';
import { t } from '../i18n/index.ts';
import { fitted } from './fitted.ts';

export interface Step {
  readonly stage: number;
  readonly confidence: number;
  /** `null`: this stage never stops a row, or it is the last. */
  readonly threshold: number | null;
  readonly stopped: boolean;
}

/** Pixels of a confidence of 1, of one step up, and of the names below. */
const FULL = 110;
const RISE = 18;
const BOTTOM = 24;
const TOP = 6;

const MAX_BAR = 56;

function drawing(steps: readonly Step[], width: number): SVGElement {
  const height = TOP + FULL + RISE * steps.length + BOTTOM;
  // Few stages are drawn close together: one looks from one to the next.
  const across = Math.min(160, width / Math.max(1, steps.length));
  const columns = steps.map(({ stage, confidence, threshold, stopped }, index) => {
    const x = index * across;
    const middle = x + across / 2;
    const floor = height - BOTTOM - RISE * (index + 1);
    const bar = Math.min(MAX_BAR, across * 0.5);
    const level = threshold === null ? undefined : floor - FULL * threshold;
    return svg(
      'g',
      {},
      svg('rect', { class: 'step', x, y: floor, width: across, height: RISE * (index + 1) }),
      svg('rect', {
        class: stopped ? 'reached' : 'missed',
        x: middle - bar / 2,
        y: floor - FULL * confidence,
        width: bar,
        height: FULL * confidence,
      }),
      level !== undefined &&
        svg('line', { class: 'threshold', x1: x + 4, x2: x + across - 4, y1: level, y2: level }),
      svg(
        'text',
        { class: 'axis', x: middle, y: floor + 13, 'text-anchor': 'middle' },
        percent(confidence),
      ),
      svg(
        'text',
        { class: 'axis', x: middle, y: height - 7, 'text-anchor': 'middle' },
        t('overview.stage', { stage }),
      ),
    );
  });
  return svg(
    'svg',
    {
      viewBox: `0 0 ${width} ${height}`,
      role: 'img',
      'aria-label': t('explain.staircase.label'),
    },
    columns,
  );
}

/** The numbers stand in the table beside it. */
export function staircase(steps: readonly Step[]): HTMLElement {
  const entries = [
    ['swatch reached', 'explain.stage.legend.stopped'],
    ['swatch missed', 'explain.stage.legend.confidence'],
    ['swatch threshold', 'explain.stage.legend.threshold'],
  ] as const;
  return h(
    'figure',
    { class: 'chart' },
    fitted((width) => drawing(steps, width)),
    h(
      'ul',
      { class: 'legend' },
      entries.map(([swatch, words]) => h('li', {}, h('span', { class: swatch }), t(words))),
    ),
  );
}
