// What channels point at, kept for a few seconds.
import { type Beside, type BriefCacheOptions, createBriefCache } from '../cache/brief-cache.ts';
import type { Release } from './release.ts';

export interface ReleaseCache {
  /** The release of a channel where it is kept, read anew by `load` beside when it gets old. */
  kept(
    channel: Pick<Release, 'model' | 'channel'>,
    load: () => Promise<Release>,
    beside: Beside | undefined,
  ): Release | undefined;
  /** The release of a channel, kept or as `load` finds it. */
  find(
    channel: Pick<Release, 'model' | 'channel'>,
    load: () => Promise<Release>,
  ): Promise<Release> | Release;
  /** To be called when a release was published or changed: it counts here at once. */
  clear(): void;
}

/** Neither name may hold a slash. */
const keyOf = ({ model, channel }: Pick<Release, 'model' | 'channel'>) => `${model}/${channel}`;

export function createReleaseCache(options: BriefCacheOptions = {}): ReleaseCache {
  const releases = createBriefCache<Release>(options);
  return {
    kept: (channel, load, beside) => releases.getRefreshed(keyOf(channel), load, beside),
    find(channel, load) {
      const key = keyOf(channel);
      return releases.get(key) ?? (releases.load(key, load) as Promise<Release>);
    },
    clear: releases.clear,
  };
}
