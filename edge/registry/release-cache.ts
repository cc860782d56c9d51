// What channels point at, kept for a few seconds.
import { type BriefCacheOptions, createBriefCache } from '../cache/brief-cache.ts';
import type { Release } from './release.ts';

export interface ReleaseCache {
  /** The release of a channel, kept or as `load` finds it. */
  find(
    channel: Pick<Release, 'model' | 'channel'>,
    load: () => Promise<Release>,
  ): Promise<Release> | Release;
  /** To be called when a release was published or changed: it counts here at once. */
  clear(): void;
}

export function createReleaseCache(options: BriefCacheOptions = {}): ReleaseCache {
  const releases = createBriefCache<Release>(options);
  return {
    find({ model, channel }, load) {
      // Neither name may hold a slash.
      const key = `${model}/${channel}`;
      return releases.get(key) ?? (releases.load(key, load) as Promise<Release>);
    },
    clear: releases.clear,
  };
}
