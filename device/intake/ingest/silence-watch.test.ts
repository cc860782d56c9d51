import type { FeatureRow } from '@dandan/shared/features';
import { expect, test } from 'vitest';
import { createWindows } from '../../models/line/windows.ts';
import { TEST_SPEC } from '../../testing/telemetry-spec.ts';
import { createSilenceWatch } from './silence-watch.ts';

const FLUSH_AFTER_MS = 2000;
const T0 = 1_767_225_600_000;

/** An asset that was live for ten seconds and has just fallen silent, under a clock of our own. */
function create() {
  const state = { time: T0, connected: true, rows: [] as FeatureRow[] };
  const windows = createWindows({ spec: TEST_SPEC, flushAfterMs: FLUSH_AFTER_MS });
  const watch = createSilenceWatch({
    flushAfterMs: FLUSH_AFTER_MS,
    isConnected: () => state.connected,
    hasSilent: windows.hasSilent,
    onSilence: (now) => state.rows.push(...windows.flushSilent(now)),
    now: () => state.time,
  });
  const pass = (ms: number, stepMs = watch.intervalMs) => {
    for (const end = state.time + ms; state.time < end; ) {
      state.time += stepMs;
      watch.tick();
    }
  };
  for (let step = 0; step <= 20; step++) {
    windows.push({ asset: 'a', channel: 'vibration', time: state.time, value: step }, state.time);
    pass(500);
  }
  expect(state.rows).toEqual([]);
  return { state, watch, pass };
}

test('tick() builds the rows of a silent asset after flushAfterMs', () => {
  const { state, pass } = create();
  pass(1000);
  expect(state.rows).toEqual([]);
  pass(1500);
  expect(state.rows.map(({ time }) => time)).toEqual([T0 + 10_000, T0 + 11_000]);
});

test('tick() does nothing while the broker is away, nor shortly after', () => {
  const { state, watch, pass } = create();
  state.connected = false;
  pass(10_000);
  state.connected = true;
  watch.onConnect();
  pass(FLUSH_AFTER_MS - watch.intervalMs);
  expect(state.rows).toEqual([]);
  pass(watch.intervalMs);
  expect(state.rows.length).toBeGreaterThan(0);
});

test('tick() does nothing when it comes late, for the messages are unread', () => {
  const { state, watch, pass } = create();
  pass(10_000, 10_000);
  expect(state.rows).toEqual([]);
  pass(FLUSH_AFTER_MS - watch.intervalMs);
  expect(state.rows).toEqual([]);
});
