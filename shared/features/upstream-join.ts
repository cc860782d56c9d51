// Rows that tell how an asset differs from those upstream of it: each waits, for a bounded time,
// until these have said what they have to say of the same window.
import type { RowLayout } from './row-layout.ts';
import type { FeatureRow } from './sample.ts';
import type { TimeWindowSpec } from './spec.ts';
import {
  type AssetUpstream,
  emptyUpstream,
  packUpstream,
  type UpstreamSnapshot,
  unpackUpstream,
  type WaitingRow,
} from './upstream-state.ts';

/** What a join asks of the windows of an asset. */
export interface JoinedWindows {
  /** Time of the next row: those before are built, or there is nothing in them. */
  readonly due: number;
  /** Latest sample time. */
  readonly latest: number;
  /** The row of `time` from what has arrived, without being taken for complete. */
  peek(time: number): FeatureRow | undefined;
}

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
  /** To be called when the latest time of `asset` may have moved, after `take`. */
  forget(asset: string): void;
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
    return own === undefined || own.due > time || own.latest <= time - windowMs;
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

  /** Own value less the mean of those upstream that have one. */
  function writeDifferences(asset: string, { values, heard }: WaitingRow): void {
    layout.upstream.forEach(({ source, column }, i) => {
      let sum = 0;
      let count = 0;
      // In the spec's order, not in that of arrival: a sum depends on it in its last bit.
      for (const name of fedBy.get(asset) ?? []) {
        const value = heard.get(name)?.[i] ?? Number.NaN;
        if (Number.isNaN(value)) continue;
        sum += value;
        count++;
      }
      values[column] = count === 0 ? Number.NaN : values[source] - sum / count;
    });
  }

  function isReady(asset: string, row: WaitingRow): boolean {
    const late = [...row.open].filter((name) => !isSettled(name, row.time));
    if (late.length === 0) return true;
    const latest = windows.get(asset)?.latest ?? row.time;
    // Neither a stride further on nor set back, as a clock may be.
    if (latest < row.time + strideMs && latest > row.time - windowMs) return false;
    for (const name of late) {
      const peeked = windows.get(name)?.peek(row.time);
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
      writeDifferences(asset, row);
      return { asset, time: row.time, values: row.values };
    });
  }

  /** Rows of `asset` up to then are built, or never will be. */
  function settledUntil(asset: string): number {
    const own = windows.get(asset);
    const isDone = own === undefined || own.due - windowMs >= own.latest;
    return isDone ? Number.POSITIVE_INFINITY : own.due - strideMs;
  }

  return {
    open(asset, own) {
      windows.set(asset, own);
    },
    drop(asset) {
      windows.delete(asset);
      states.delete(asset);
    },
    take(asset, rows) {
      for (const row of rows) {
        say(asset, row);
        wait(asset, row);
      }
    },
    forget(asset) {
      const own = windows.get(asset);
      const said = states.get(asset)?.said;
      if (own === undefined || said === undefined) return;
      for (const [time, values] of said) {
        if (time > own.latest - windowMs) break;
        said.delete(time);
        for (const fed of feeds.get(asset) ?? []) {
          const other = windows.get(fed);
          if (other === undefined || time < other.due || time >= other.latest + windowMs) continue;
          const { heard } = stateOf(fed);
          heard.set(time, (heard.get(time) ?? new Map()).set(asset, values));
        }
      }
    },
    release(assets) {
      const all = new Set(assets);
      for (const asset of assets) for (const fed of feeds.get(asset) ?? []) all.add(fed);
      return [...all].flatMap(releaseOf);
    },
    limits(assets, time) {
      const limits = new Map(assets.map((asset) => [asset, time]));
      for (let isLower = true; isLower; ) {
        isLower = false;
        for (const asset of assets) {
          for (const name of fedBy.get(asset) ?? []) {
            const limit = Math.max(
              settledUntil(name),
              limits.get(name) ?? Number.NEGATIVE_INFINITY,
            );
            if (limit >= (limits.get(asset) ?? time)) continue;
            limits.set(asset, limit);
            isLower = true;
          }
        }
      }
      return limits;
    },
    snapshot: () => packUpstream(states),
  };
}
