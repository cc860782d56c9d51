// Training and serving give the same rows, to the bit, whatever happens in the field.
import {
  createRowAssembler,
  type FeatureRow,
  type Sample,
  type TelemetrySpec,
} from '@dandan/shared/features';
import { anySpec, rowBits, stream } from '@dandan/shared/features/testing';
import { parseTelemetry } from '@dandan/shared/wire';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createWindows, type Windows } from './windows.ts';

const FLUSH_AFTER_MS = 50;

/** The trainer's way: all samples as they arrived, then the end of the history. */
function trained(spec: TelemetrySpec, samples: readonly Sample[]): FeatureRow[] {
  const assembler = createRowAssembler(spec);
  return [...samples.flatMap((sample) => assembler.push(sample)), ...assembler.flush(3e12)];
}

/** What a restart leaves of windows: a snapshot that went through a file. */
function restarted(spec: TelemetrySpec, windows: Windows): Windows {
  const snapshot = JSON.parse(JSON.stringify(windows.snapshot()));
  return createWindows({ spec, flushAfterMs: FLUSH_AFTER_MS, snapshot });
}

/** Rows of the gateway as they are delivered, of each asset in their order. */
const byAsset = (rows: readonly FeatureRow[]) =>
  Object.groupBy(rowBits(rows), (line) => line.split('@')[0]);

/** A sample of a message and back, as a sender writes it. */
function throughWire({ asset, channel, time, value, historical }: Sample): Sample[] {
  const payload = new TextEncoder().encode(JSON.stringify({ t: time, v: value }));
  const samples = parseTelemetry({ asset, channel, payload, receivedAt: 0 });
  return samples.map((sample) => (historical ? { ...sample, historical } : sample));
}

test('chunks, restarts and ticks of the clock change no row of any stream', () => {
  const chunks = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 20 });
  const restarts = fc.array(fc.boolean(), { minLength: 1, maxLength: 20 });
  let rows = 0;
  let referenced = 0;
  fc.assert(
    fc.property(anySpec, stream(150), chunks, restarts, (spec, list, sizes, flags) => {
      const samples = list.filter(({ value }) => Number.isFinite(value));
      // A wall clock that no sample's time follows: event time decides alone.
      let wall = 2e12;
      let windows = createWindows({ spec, flushAfterMs: FLUSH_AFTER_MS });
      const served: FeatureRow[] = [];
      for (let i = 0, message = 0; i < samples.length; message++) {
        const size = sizes[message % sizes.length];
        wall += 13;
        for (const sample of samples.slice(i, i + size).flatMap(throughWire)) {
          served.push(...windows.push(sample, wall));
        }
        i += size;
        if (flags[message % flags.length]) windows = restarted(spec, windows);
        served.push(...windows.flushSilent(wall + 1e6));
      }
      const expected = trained(spec, samples);
      rows += expected.length;
      if (spec.reference !== undefined) referenced += expected.length;
      const rest = createRowAssembler(spec, { snapshot: windows.snapshot().assembler });
      expect(byAsset([...served, ...rest.flush(3e12)])).toEqual(byAsset(expected));
    }),
    { numRuns: 300 },
  );
  expect(rows).toBeGreaterThan(2000);
  expect(referenced).toBeGreaterThan(200);
});

/** Three live assets: samples on their way for less than the time after which silence is silence. */
const liveStream = fc.array(
  fc.record({
    asset: fc.constantFrom('pump', 'fan', 'press'),
    channel: fc.constantFrom('a', 'b'),
    pauseMs: fc.oneof(
      { weight: 10, arbitrary: fc.integer({ min: 0, max: 15 }) },
      { weight: 1, arbitrary: fc.integer({ min: 100, max: 600 }) },
    ),
    delayMs: fc.integer({ min: 0, max: FLUSH_AFTER_MS - 1 }),
    value: fc.double({ min: -1e6, max: 1e6, noNaN: true }),
    restart: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
  }),
  { minLength: 50, maxLength: 300, size: 'max' },
);

test('rows of live assets that fall silent come early, and are those of training', () => {
  let flushed = 0;
  let referenced = 0;
  fc.assert(
    fc.property(anySpec, liveStream, (spec, readings) => {
      let clock = 1_767_225_600_000;
      const arrivals = readings
        .map(({ asset, channel, pauseMs, delayMs, value, restart }) => {
          clock += pauseMs;
          return { sample: { asset, channel, time: clock, value }, at: clock + delayMs, restart };
        })
        .sort((x, y) => x.at - y.at);
      let windows = createWindows({ spec, flushAfterMs: FLUSH_AFTER_MS });
      const served: FeatureRow[] = [];
      let wall = arrivals[0].at;
      for (const { sample, at, restart } of arrivals) {
        for (; wall < at; wall += 7) {
          const early = windows.flushSilent(wall);
          flushed += early.length;
          if (spec.reference !== undefined) referenced += early.length;
          served.push(...early);
        }
        served.push(...windows.push(sample, at));
        if (restart) windows = restarted(spec, windows);
      }
      const expected = trained(
        spec,
        arrivals.map(({ sample }) => sample),
      );
      const rest = createRowAssembler(spec, { snapshot: windows.snapshot().assembler });
      expect(byAsset([...served, ...rest.flush(3e12)])).toEqual(byAsset(expected));
    }),
    { numRuns: 300 },
  );
  expect(flushed).toBeGreaterThan(500);
  expect(referenced).toBeGreaterThan(50);
});

test('flushSilent() depends on the state and the time alone, and without rows changes nothing', () => {
  fc.assert(
    fc.property(anySpec, liveStream, fc.nat({ max: 2000 }), (spec, readings, later) => {
      let clock = 1_767_225_600_000;
      const windows = createWindows({ spec, flushAfterMs: FLUSH_AFTER_MS });
      for (const { asset, channel, pauseMs, value } of readings) {
        clock += pauseMs;
        windows.push({ asset, channel, time: clock, value }, clock);
      }
      for (const now of [clock + later, clock + later + 30, clock + 2 * later + 60]) {
        const twin = restarted(spec, windows);
        const before = windows.snapshot();
        const isExpected = windows.hasSilent(now);
        const rows = rowBits(windows.flushSilent(now));
        expect(rowBits(twin.flushSilent(now))).toEqual(rows);
        expect(twin.snapshot()).toEqual(windows.snapshot());
        if (rows.length === 0) expect(windows.snapshot()).toEqual(before);
        else expect(isExpected).toBe(true);
      }
    }),
    { numRuns: 100 },
  );
});
