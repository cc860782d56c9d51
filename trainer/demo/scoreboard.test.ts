import type { GatewayMetrics, Prediction } from '@dandan/shared/wire';
import { expect, test } from 'vitest';
import { createScoreboard } from './scoreboard.ts';

const prediction = (more: Partial<Prediction> = {}): Prediction => ({
  id: 'bundle/press-1/1000',
  asset: 'press-1',
  model: 'plant',
  t: 1000,
  class: 2,
  label: 'leak',
  confidence: 0.9,
  stage: 1,
  tier: 'gateway',
  bundle: 'bundle',
  degraded: false,
  ...more,
});

test('createScoreboard() counts final answers by stage, tier and truth', () => {
  const board = createScoreboard(3);
  expect(board.counts().accuracy).toBeNaN();
  board.rowDue('press-1', 1000, 2);
  board.rowDue('press-1', 2000, 0);
  board.rowDue('press-2', 1000, 1);
  board.prediction(prediction());
  board.prediction(prediction({ t: 2000, class: 1, stage: 3, tier: 'edge' }));
  expect(board.counts()).toMatchObject({
    rows: 3,
    byStage: [1, 0, 1],
    byTier: { gateway: 1, edge: 1 },
    accuracy: 50,
    lost: 1,
    duplicated: 0,
    degraded: 0,
  });
  board.prediction(prediction({ asset: 'press-2', class: 1, stage: 2 }));
  expect(board.counts()).toMatchObject({ byStage: [1, 1, 1], lost: 0 });
  expect(board.counts().accuracy).toBeCloseTo(200 / 3, 9);
});

test('createScoreboard() counts a second final answer as duplicated, and only that', () => {
  const board = createScoreboard(2);
  board.rowDue('press-1', 1000, 2);
  board.prediction(prediction());
  board.prediction(prediction({ class: 0 }));
  board.prediction(prediction({ stage: 2, tier: 'edge' }));
  expect(board.counts()).toMatchObject({
    byStage: [1, 0],
    accuracy: 100,
    lost: 0,
    duplicated: 2,
  });
});

test('createScoreboard() takes a degraded answer for none until the final one comes', () => {
  const board = createScoreboard(2);
  board.rowDue('press-1', 1000, 2);
  board.prediction(prediction({ degraded: true, class: 0 }));
  expect(board.counts()).toMatchObject({ degraded: 1, lost: 1, byStage: [0, 0] });
  board.prediction(prediction({ degraded: true, class: 0 }));
  expect(board.counts()).toMatchObject({ degraded: 1, duplicated: 0 });
  board.prediction(prediction({ stage: 2, tier: 'edge' }));
  expect(board.counts()).toMatchObject({
    degraded: 0,
    lost: 0,
    duplicated: 0,
    accuracy: 100,
    byTier: { gateway: 0, edge: 1 },
  });
});

test('createScoreboard() ignores answers about rows that were not due', () => {
  const board = createScoreboard(2);
  board.prediction(prediction());
  expect(board.counts()).toMatchObject({ rows: 0, lost: 0, duplicated: 0, byStage: [0, 0] });
});

test('createScoreboard() knows how far the gateway is behind', () => {
  const board = createScoreboard(2);
  board.messageSent(2);
  board.messageSent(3);
  expect(board.samplesBehind).toBe(5);
  // The counts a scoreboard reads; the others do not matter to it.
  board.metrics({ samples: 3, escalated: 2, bytesUp: 700 } as GatewayMetrics);
  expect(board.samplesBehind).toBe(2);
  expect(board.counts()).toMatchObject({ samples: 5, messages: 2, escalations: 2, bytesUp: 700 });
});

test('createScoreboard() forgets old answers without losing count', () => {
  const board = createScoreboard(1);
  const rows = 100_010;
  for (let t = 0; t < rows; t++) {
    board.rowDue('press-1', t, 2);
    board.prediction(prediction({ t }));
  }
  board.prediction(prediction({ t: 0 }));
  board.prediction(prediction({ t: rows - 1 }));
  expect(board.counts()).toMatchObject({ rows, byStage: [rows], lost: 0, duplicated: 1 });
});
