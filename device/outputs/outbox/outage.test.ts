import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { MESSAGE_CLASSES } from './message.ts';
import { simulateOutage } from './testing/outage.ts';

/** A sixtieth of a plant's rates into the smallest outbox, 5 MB of which are for the log. */
const OUTAGE = {
  maxBytes: 8_000_000,
  days: 10,
  perMinute: { escalation: 0.05, prediction: 1, audit: 0.05, telemetry: 1.5 },
  groupMinutes: 120,
  ratePerSecond: 200,
  liveShare: 0.3,
};

test('ten days of outage fill the outbox to its cap and no further; then all that was kept is sent, paced', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'dandan-outage-'));
  try {
    const file = join(folder, 'outbox.sqlite');
    const { offered, kept, evicted, refused, ...figures } = await simulateOutage({
      ...OUTAGE,
      file,
    });
    expect(offered).toEqual({
      escalation: 720,
      prediction: 14_400,
      audit: 720,
      telemetry: 21_600,
    });
    // Nothing is unaccounted for.
    for (const kind of MESSAGE_CLASSES) {
      expect(kept[kind] + evicted[kind] + refused[kind]).toBe(offered[kind]);
    }
    expect(figures.mostBytes).toBeGreaterThan(0.4 * OUTAGE.maxBytes);
    expect(figures.mostBytes).toBeLessThanOrEqual(OUTAGE.maxBytes);
    // The classes give way in their order: telemetry and audits first. The few that are there came
    // into the room that the last evicted predictions left, and would be the next to leave.
    expect(kept.telemetry + kept.audit).toBeLessThan(200);
    expect(evicted.telemetry + evicted.audit).toBeGreaterThan(5000);
    expect(evicted.prediction).toBeGreaterThan(0);
    expect(kept.prediction).toBeGreaterThan(2000);
    expect([kept.escalation, refused.prediction, refused.escalation]).toEqual([720, 0, 0]);
    // The newest predictions were kept, and leave in their order.
    expect(figures.drained).toBe(kept.prediction + kept.audit + kept.telemetry);
    const sent = figures.order.slice(0, kept.prediction);
    const oldest = offered.prediction - kept.prediction;
    expect(sent.map((id) => Number(id.split('/').at(-1)))).toEqual(
      Array.from({ length: kept.prediction }, (_, i) => oldest + i),
    );
    expect(sent.every((id) => id.startsWith('prediction/'))).toBe(true);
    // The pace is that of the bucket, in the part of each second that live messages leave.
    expect(figures.inTheWay).toBe(0);
    expect(figures.drainedPerSecond).toBeGreaterThan(0.6 * OUTAGE.ratePerSecond);
    expect(figures.drainedPerSecond).toBeLessThanOrEqual(1.05 * OUTAGE.ratePerSecond);
    expect(figures.bytesAfterDrain).toBeLessThanOrEqual(OUTAGE.maxBytes);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}, 120_000);
