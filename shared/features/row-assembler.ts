// Samples in, feature rows out: the one piece of code that builds rows, run by
// the trainer over history and by the gateway over live telemetry.
import type { AssemblerCounters, AssetWindows } from './asset-windows.ts';
import { createCountWindows } from './count-windows.ts';
import { createRowLayout } from './row-layout.ts';
import type { FeatureRow, Sample } from './sample.ts';
import {
  type AssetSnapshot,
  checkSnapshot,
  type RowAssemblerSnapshot,
  specKey,
} from './snapshot.ts';
import { hasCountWindows, type TelemetrySpec } from './spec.ts';
import { createTimeWindows } from './time-windows.ts';
import { createUpstreamJoin } from './upstream-join.ts';

export interface RowAssemblerOptions {
  /** State to go on from, as it came out of JSON. @default {nothing seen} */
  readonly snapshot?: unknown;
}

/**
 * Rows are a function of the samples alone, in the order in which they are pushed: no clock is
 * read. Assets do not touch each other, but for what a spec with `upstream` has them tell.
 *
 * **Windows by time.** A row is due at every multiple of the stride and is made of the samples of
 * (due − window, due]. The first sample to arrive opens its asset; the first row is due a whole
 * window after it. Stretches without any sample give no rows, however long.
 *
 * **Windows by count.** All readings of an asset that share one time are one sample, whatever their
 * channels. A row is due at the sample that fills the first window and at every stride-th one that
 * is later than all before it; its time is that sample's, and it is made of the newest `windowSamples`
 * that arrived by then. A window reaches across a gap.
 *
 * **Completion.** A row is complete when its asset reports a later time, and is made of what has
 * arrived by then. Samples out of order count for the windows that are still open; one that is too
 * late for those counts for nothing but {@linkcode AssemblerCounters.outdated}. The last of several
 * values for one channel and time is the one that counts.
 *
 * **Clocks that jump.** A time far ahead is a gap. Ten consecutive times of an asset that lie a whole
 * window or more behind its latest ({@linkcode CLOCK_JUMP_SAMPLES}) are a clock that was set back:
 * what is due by the latest time is built, and the asset begins anew with the tenth, so that rows of
 * the same times may follow again. Any sample that is not so far behind ends the count. Where windows
 * go by count, a window behind is before the oldest sample kept, and as many new times as a window
 * holds (ten at least), none later than the latest, are a jump too. Samples marked `historical` do
 * not count.
 *
 * **Missing values.** A channel without a sample in a window is NaN, or its last value before, where
 * its spec has `holdMs`.
 *
 * **Assets upstream.** A row with differences from upstream takes them from the windows that end at
 * the same time. It waits where one of those assets may still report of that window, until its own
 * asset is a stride further on; it then takes what has arrived. An asset that has reported nothing in
 * that window, that is a whole window ahead of it or is not known counts for nothing; where none is
 * left the difference is NaN. Whoever is a day late is thus missing, and never waited for.
 *
 * **Reference.** With `reference` every asset is measured against its own beginning: mean and
 * population deviation of the first readings of each channel since the assembler first heard of the
 * asset, in the order in which they came, the first of several of one time. What is outdated counts for
 * nothing. A clock that jumps or a snapshot leaves the beginning as it is, {@linkcode
 * RowAssembler.drop} forgets it. The first row is built once every channel that has spoken by then has
 * its readings; one that first speaks later is missing until it has its own, and a window that holds
 * readings of such channels alone has no row.
 *
 * `unit` is not looked at: see `toChannelUnit`.
 */
export interface RowAssembler {
  /**
   * Takes a sample; returns the rows it completes. Samples of channels outside the spec and
   * those whose value or time is no finite number are ignored.
   */
  push(sample: Sample): FeatureRow[];
  /**
   * Rows still open that are due at or before `time`, as at the end of a history: of one asset, of
   * some or, by default, of all. One that tells of an asset upstream which is not among them and may
   * still say something of the same window stays open.
   */
  flush(time: number, asset?: string | readonly string[]): FeatureRow[];
  /** Forgets an asset that is gone. A later sample opens it again. */
  drop(asset: string): void;
  /** Samples held, of one asset or, by default, of all. */
  buffered(asset?: string): number;
  counters(): AssemblerCounters;
  /** All of its state as plain data: one that is created from it gives the same rows to the bit. */
  snapshot(): RowAssemblerSnapshot;
}

/**
 * An assembler for any number of assets that share one spec.
 *
 * @throws {InputError} `snapshot-invalid`, also for a snapshot of another spec.
 */
export function createRowAssembler(
  spec: TelemetrySpec,
  options: RowAssemblerOptions = {},
): RowAssembler {
  const position = new Map(spec.channels.map(({ name }, index) => [name, index]));
  const layout = createRowLayout(spec);
  const assets = new Map<string, AssetWindows>();
  const counters = { outdated: 0, clockJumps: 0 };

  const snapshot =
    options.snapshot === undefined ? undefined : checkSnapshot(spec, options.snapshot);
  const join =
    spec.upstream === undefined || hasCountWindows(spec)
      ? undefined
      : createUpstreamJoin({ spec, layout, snapshot: snapshot?.upstream });

  function createWindows(asset: string, time: number, item?: AssetSnapshot): AssetWindows {
    const common = { layout, asset, counters, time, snapshot: item };
    if (hasCountWindows(spec)) return createCountWindows({ ...common, spec });
    const windows = createTimeWindows({ ...common, spec });
    join?.open(asset, windows);
    return windows;
  }

  function open(asset: string, time: number, item?: AssetSnapshot): AssetWindows {
    const windows = createWindows(asset, time, item);
    assets.set(asset, windows);
    return windows;
  }

  if (snapshot !== undefined) {
    counters.outdated = snapshot.outdated;
    counters.clockJumps = snapshot.clockJumps;
    for (const item of snapshot.assets) open(item.asset, item.latest, item);
  }

  function flushAll(time: number, names: readonly string[]): FeatureRow[] {
    if (join === undefined) return names.flatMap((name) => assets.get(name)?.flush(time) ?? []);
    const limits = join.limits(names, time);
    for (const [name, limit] of limits) join.take(name, assets.get(name)?.flush(limit) ?? []);
    return join.release(names);
  }

  return {
    push({ asset, channel, time, value, historical = false }) {
      const index = position.get(channel);
      if (index === undefined || !Number.isFinite(value) || !Number.isFinite(time)) return [];
      const windows = assets.get(asset) ?? open(asset, time);
      // Adding 0 makes 0 of −0, whose sign JSON would lose.
      const rows = windows.push(index, time + 0, value + 0, historical);
      if (join === undefined) return rows;
      return join.follow(asset, rows);
    },
    flush: (time, asset = [...assets.keys()]) =>
      flushAll(time, typeof asset === 'string' ? [asset] : asset),
    drop(asset) {
      assets.delete(asset);
      join?.drop(asset);
    },
    buffered(asset) {
      if (asset !== undefined) return assets.get(asset)?.buffered ?? 0;
      return [...assets.values()].reduce((sum, { buffered }) => sum + buffered, 0);
    },
    counters: () => ({ ...counters }),
    snapshot: () => ({
      version: 1,
      spec: specKey(spec),
      ...counters,
      assets: [...assets.values()].map((windows) => windows.snapshot()),
      ...(join === undefined ? {} : { upstream: join.snapshot() }),
    }),
  };
}
