// Where rows of all files come together: series by run, asset and channel, and stretches by class.
import { InputError } from '../error/index.ts';
import { createLabelList, type LabelList } from './label-list.ts';
import { createReadingList, type ReadingList } from './reading-list.ts';
import type { HistorySet, LabelInterval, Run, Series, Telemetry } from './telemetry.ts';

/** 1.6 GB, as times and values of eight bytes each. */
export const MAX_READINGS = 100_000_000;

/** Each costs half a kilobyte beside its readings. */
export const MAX_SERIES = 1_000_000;

/** One asset in one run. */
export interface AssetRun {
  /** The list of a channel, made where it is the first reading. */
  list(channel: string): ReadingList;
}

export interface Collector {
  /** Memory ends here: nothing more is taken. */
  readonly isFull: boolean;
  /** `asset` in `run`; the same object for the same names. */
  at(run: string, asset: string): AssetRun;
  /** Where the classes of an asset's rows go; `undefined`: of all assets. */
  labels(run: string, asset: string | undefined): LabelList;
  /** Says what a run is for. @returns false where a row before this one said something else. */
  setOf(run: string, set: HistorySet): boolean;
  /** Counts readings. @throws {InputError} `data-invalid` where there are too many. */
  count(readings: number): void;
  /** `unitOf`: a channel's unit. `replaced`: told of every repeated time by file and channel. */
  finish(options: FinishOptions): Telemetry;
}

export interface FinishOptions {
  /** Channels in the order in which readings of one time are told; others follow as found. */
  readonly channels: readonly string[];
  readonly unitOf: (channel: string) => string;
  readonly replaced: (file: number, channel: string) => void;
}

/** What a map holds under a key, made where it is missing. */
function ensure<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  let value = map.get(key);
  if (value === undefined) {
    value = make();
    map.set(key, value);
  }
  return value;
}

export function createCollector(): Collector {
  const runs = new Map<string, Map<string, AssetRun & { lists: Map<string, ReadingList> }>>();
  const labels = new Map<string, Map<string | undefined, LabelList>>();
  const sets = new Map<string, HistorySet>();
  const assets = new Set<string>();
  const channels = new Set<string>();
  let readings = 0;
  let seriesCount = 0;

  function createAssetRun() {
    const lists = new Map<string, ReadingList>();
    const make = () => {
      seriesCount++;
      return createReadingList();
    };
    return {
      lists,
      list(channel: string) {
        channels.add(channel);
        return ensure(lists, channel, make);
      },
    };
  }

  const isFull = () => readings > MAX_READINGS || seriesCount > MAX_SERIES;

  function refuseMore(): never {
    throw new InputError('data-invalid', 'The history is too large; the rest is not read', {
      field: 'telemetry',
      value: `${readings} readings in ${seriesCount} series`,
      allowed: `at most ${MAX_READINGS} readings in ${MAX_SERIES} series; fewer files or channels`,
    });
  }

  function intervals(): LabelInterval[] {
    return [...labels].flatMap(([run, byAsset]) =>
      [...byAsset].flatMap(([asset, list]) => list.intervals({ run, asset })),
    );
  }

  return {
    get isFull() {
      return isFull();
    },
    at(run, asset) {
      assets.add(asset);
      return ensure(
        ensure(runs, run, () => new Map()),
        asset,
        createAssetRun,
      );
    },
    labels: (run, asset) =>
      ensure(
        ensure(labels, run, () => new Map()),
        asset,
        createLabelList,
      ),
    setOf: (run, set) => ensure(sets, run, () => set) === set,
    count(more) {
      readings += more;
      if (isFull()) refuseMore();
    },
    finish({ channels: listed, unitOf, replaced }) {
      const channelNames = [
        ...new Set([...listed.filter((each) => channels.has(each)), ...channels]),
      ];
      const channelAt = new Map(channelNames.map((name, at) => [name, at]));
      const assetNames = [...assets];
      const assetAt = new Map(assetNames.map((name, at) => [name, at]));
      const series: Series[] = [];
      const named: Run[] = [];
      for (const [name, byAsset] of runs) {
        const own: Series[] = [];
        for (const [asset, { lists }] of byAsset) {
          for (const [channel, list] of lists) {
            const place = {
              run: named.length,
              asset: assetAt.get(asset) ?? -1,
              channel: channelAt.get(channel) ?? -1,
            };
            if (list.length === 0) continue;
            own.push({ ...place, ...list.finish((file) => replaced(file, channel)) });
          }
          lists.clear();
        }
        if (own.length === 0) continue;
        own.sort((a, b) => a.asset - b.asset || a.channel - b.channel);
        for (const each of own) series.push(each);
        const set = sets.get(name);
        named.push({ name, ...(set !== undefined && { set }) });
      }
      const withUnit = channelNames.map((name) => ({ name, unit: unitOf(name) }));
      const used = new Set(named.map(({ name }) => name));
      const known = intervals().filter(({ run }) => used.has(run ?? ''));
      return { assets: assetNames, channels: withUnit, runs: named, series, intervals: known };
    },
  };
}
