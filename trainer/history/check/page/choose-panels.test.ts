import { expect, test } from 'vitest';
import type { LabelInterval } from '../../label-interval.ts';
import { MADE_START, madeTelemetry } from '../../testing/made-telemetry.ts';
import type { HistoryFacts } from '../history-facts.ts';
import { choosePanels } from './choose-panels.ts';

const HOUR = 3_600_000;

/** Of the facts, panels are chosen by telemetry and intervals alone. */
function factsOf(assets: number, runs: number, intervals: readonly LabelInterval[] = []) {
  const telemetry = madeTelemetry({
    assets: Array.from({ length: assets }, (_, i) => `m${i}`),
    channels: [{ name: 'a', everyMs: HOUR / 2, valueAt: (i) => i }],
    runs: Array.from({ length: runs }, (_, i) => ({ name: `r${i}` })),
    lengthMs: 2 * HOUR,
    intervals,
  });
  return { telemetry, intervals: [] } as unknown as HistoryFacts;
}

test('choosePanels() puts runs that follow each other on one axis', () => {
  const { panels, left } = choosePanels(factsOf(2, 3));
  expect(left).toBe(0);
  expect(panels).toHaveLength(2);
  expect(panels[0]).toEqual({
    asset: 'm0',
    runs: ['r0', 'r1', 'r2'],
    from: MADE_START,
    to: MADE_START + 8 * HOUR,
    borders: [MADE_START + 3 * HOUR, MADE_START + 6 * HOUR],
  });
});

test('choosePanels() chooses runs that show every class where there are many', () => {
  const interval = (run: number, name: string) => ({
    asset: 'm0',
    run: `r${run}`,
    from: 0,
    to: Number.POSITIVE_INFINITY,
    class: name,
  });
  const intervals = [interval(40, 'a'), interval(70, 'b'), interval(80, 'b')];
  const { panels, left } = choosePanels(factsOf(1, 100, intervals));
  expect(panels).toHaveLength(8);
  expect(left).toBe(92);
  const shown = panels.flatMap(({ runs }) => runs);
  expect(shown).toContain('r40');
  expect(shown).toContain('r70');
  expect(shown).not.toContain('r80');
});
