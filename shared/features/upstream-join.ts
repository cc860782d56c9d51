// Rows that tell how an asset differs from those upstream of it: each waits, for a bounded time,
// until these have said what they have to say of the same window.
import type { JoinedWindows } from './joined-windows.ts';
import type { RowLayout } from './row-layout.ts';
import type { FeatureRow } from './sample.ts';
import type { TimeWindowSpec } from './spec.ts';
import { upstreamLimits } from './upstream-limits.ts';
import {
  type AssetUpstream,
  emptyUpstream,
  packUpstream,
  type UpstreamSnapshot,
  unpackUpstream,
  type WaitingRow,
} from './upstream-state.ts';

export interface UpstreamJoinOptions {
  readonly spec: TimeWindowSpec;
  readonly layout: RowLayout;
  readonly snapshot?: UpstreamSnapshot | undefined;
}

export interface UpstreamJoin {
  open(asset: string, windows: JoinedWindows): void;
  drop(asset: string): void;
  /** Takes the rows that `asset` has built. */
  take(asset: string, rows: readonly FeatureRow[]): void;
  /** Takes what a sample of `asset` has brought; returns the rows that wait no longer. */
  follow(asset: string, rows: FeatureRow[]): FeatureRow[];
  /** The rows of `assets` and of those they feed that wait no longer. */
  release(assets: readonly string[]): FeatureRow[];
  /**
   * Up to when rows of each of `assets` may be built out of turn, as all are up to `time`: so far
   * that none would have to wait.
   */
  limits(assets: readonly string[], time: number): Map<string, number>;
  snapshot(): UpstreamSnapshot;
}

function feedsOf(assets: Readonly<Record<string, readonly string[]>>): Map<string, string[]> {
  const feeds = new Map<string, string[]>();
  for (const [asset, upstream] of Object.entries(assets)) {
    for (const name of upstream) feeds.set(name, [...(feeds.get(name) ?? []), asset]);
  }
  return feeds;
}

/**
 * Own values less the mean of those that `upstream` has said. In its order, not in that of arrival: a
 * sum depends on it in its last bit.
 */
function writeDifferences(
  columns: RowLayout['upstream'],
  upstream: readonly string[],
  { values, heard }: WaitingRow,
): void {
  columns.forEach(({ source, column }, i) => {
    let sum = 0;
    let count = 0;
    for (const name of upstream) {
      const value = heard.get(name)?.[i] ?? Number.NaN;
      if (Number.isNaN(value)) continue;
      sum += value;
      count++;
    }
    values[column] = count === 0 ? Number.NaN : values[source] - sum / count;
  });
}

/** A join without rows, or that of a snapshot. */
export function createUpstreamJoin({ spec, layout, snapshot }: UpstreamJoinOptions): UpstreamJoin {
  const { windowMs, strideMs } = spec;
  const fedBy = new Map(Object.entries(spec.upstream?.assets ?? {}));
  const feeds = feedsOf(spec.upstream?.assets ?? {});
  const windows = new Map<string, JoinedWindows>();
  const states = unpackUpstream(snapshot ?? []);

  function stateOf(asset: string): AssetUpstream {
    let state = states.get(asset);
    if (state === undefined) {
      state = emptyUpstream();
      states.set(asset, state);
    }
    return state;
  }

  /** Whether `asset` has said all of the window that ends at `time`. */
  function isSettled(asset: string, time: number): boolean {
    const own = windows.get(asset);
    return own === undefined || own.due > time || own.heard <= time - windowMs;
  }

  const columnsOf = ({ values }: FeatureRow) =>
    Float32Array.from(layout.upstream, ({ source }) => values[source]);

  /** What `asset` says goes to the rows that wait for it, and is kept for those to come. */
  function say(asset: string, row: FeatureRow): void {
    const feeding = feeds.get(asset);
    if (feeding === undefined) return;
    const { said } = stateOf(asset);
    // A clock that was set back: what it said of later times was of another clock.
    for (const time of said.keys()) if (time >= row.time) said.delete(time);
    const values = columnsOf(row);
    said.set(row.time, values);
    for (const fed of feeding) {
      for (const waiting of states.get(fed)?.waiting ?? []) {
        if (waiting.time !== row.time || !waiting.open.delete(asset)) continue;
        waiting.heard.set(asset, values);
      }
    }
  }

  function wait(asset: string, { time, values }: FeatureRow): void {
    const state = stateOf(asset);
    const row: WaitingRow = { time, values, heard: new Map(), open: new Set() };
    for (const name of fedBy.get(asset) ?? []) {
      const heard = state.heard.get(time)?.get(name) ?? states.get(name)?.said.get(time);
      if (heard !== undefined) row.heard.set(name, heard);
      else if (!isSettled(name, time)) row.open.add(name);
    }
    for (const before of state.heard.keys()) if (before <= time) state.heard.delete(before);
    state.waiting.push(row);
  }

  function isReady(asset: string, row: WaitingRow): boolean {
    let isOpen = false;
    for (const name of row.open) isOpen ||= !isSettled(name, row.time);
    if (!isOpen) return true;
    const latest = windows.get(asset)?.latest ?? row.time;
    // Neither a stride further on nor set back, as a clock may be.
    if (latest < row.time + strideMs && latest > row.time - windowMs) return false;
    for (const name of row.open) {
      const peeked = isSettled(name, row.time) ? undefined : windows.get(name)?.peek(row.time);
      if (peeked !== undefined) row.heard.set(name, columnsOf(peeked));
    }
    return true;
  }

  function releaseOf(asset: string): FeatureRow[] {
    const state = states.get(asset);
    if (state === undefined) return [];
    let ready = 0;
    while (ready < state.waiting.length && isReady(asset, state.waiting[ready])) ready++;
    const rows = state.waiting.slice(0, ready);
    if (ready > 0) state.waiting = state.waiting.slice(ready);
    return rows.map((row) => {
      writeDifferences(layout.upstream, fedBy.get(asset) ?? [], row);
      return { asset, time: row.time, values: row.values };
    });
  }

  function take(asset: string, rows: readonly FeatureRow[]): void {
    for (const row of rows) {
      say(asset, row);
      wait(asset, row);
    }
  }

  /** What was said more than a window ago goes to the rows that may still come, or nowhere. */
  function forget(asset: string): void {
    const own = windows.get(asset);
    const said = states.get(asset)?.said;
    if (own === undefined || said === undefined || said.size === 0) return;
    const until = own.latest - windowMs;
    for (const [time, values] of said) {
      if (time > until) break;
      said.delete(time);
      for (const fed of feeds.get(asset) ?? []) {
        const other = windows.get(fed);
        if (other === undefined || time < other.due || time >= other.latest + windowMs) continue;
        const { heard } = stateOf(fed);
        heard.set(time, (heard.get(time) ?? new Map()).set(asset, values));
      }
    }
  }

  function release(assets: readonly string[]): FeatureRow[] {
    const all = new Set(assets);
    for (const asset of assets) for (const fed of feeds.get(asset) ?? []) all.add(fed);
    return [...all].flatMap(releaseOf);
  }

  return {
    open(asset, own) {
      windows.set(asset, own);
    },
    drop(asset) {
      windows.delete(asset);
      states.delete(asset);
    },
    take,
    follow(asset, rows) {
      if (rows.length > 0) take(asset, rows);
      forget(asset);
      if (rows.length > 0) return release([asset]);
      return states.get(asset)?.waiting.length ? releaseOf(asset) : rows;
    },
    release,
    limits: (assets, time) =>
      upstreamLimits({
        assets,
        time,
        windowsOf: (asset) => windows.get(asset),
        fedBy,
        windowMs,
        strideMs,
      }),
    snapshot: () => packUpstream(states),
  };
}
