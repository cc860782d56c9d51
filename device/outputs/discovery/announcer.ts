// Tells Home Assistant of assets as they appear, change and go; what was told is kept on disk, so
// that a restart neither repeats nor forgets it.
import { createHash } from 'node:crypto';
import type { Prediction } from '@dandan/shared/wire';
import * as z from 'zod';
import { readJsonFile, writeJsonFile } from '../../json-file/index.ts';
import type { Logger } from '../../log/index.ts';
import {
  change,
  type DeviceConfig,
  type HomeAssistant,
  platformsOf,
  remove,
} from './home-assistant.ts';
import type { OutputMessage, OutputModel } from './message.ts';

/** Home Assistant lists some thousands of entities; names of assets that somebody makes up end here. */
export const MAX_ANNOUNCED = 500;

export interface AnnouncerOptions {
  readonly homeAssistant: HomeAssistant;
  readonly models: readonly OutputModel[];
  /** Where it is kept what was announced. */
  readonly file: string;
  /** Resolves when the broker has the message. */
  readonly publish: (message: OutputMessage) => Promise<void>;
  readonly log: Logger;
  /** An asset that has given no prediction for so long is removed. 0: never. */
  readonly forgetAfterMs: number;
  /** Milliseconds since the epoch. @default {Date.now} */
  readonly now?: () => number;
}

export interface Announcer {
  /** Announces the gateway, and changes or removes what another configuration had announced. */
  start(): void;
  /** A prediction is about to leave: its asset is announced where it is new. */
  note(prediction: Pick<Prediction, 'asset' | 'model'>): void;
  /** Models were added, replaced or removed. */
  setModels(models: readonly OutputModel[]): void;
  /** Removes assets that have gone quiet; to be called now and then. */
  tick(): void;
  /** Home Assistant has started, or the broker has lost what it retained: all is said again. */
  repeat(): void;
  /** Removes everything: the output is switched off. */
  clear(): void;
  /** Writes what is to be kept. */
  stop(): void;
  snapshot(): {
    readonly announced: number;
    readonly announcements: number;
    readonly notAnnounced: number;
  };
}

const keptSchema = z.object({
  schema: z.literal(1),
  assets: z.record(
    z.string(),
    z.object({
      models: z.array(z.string()),
      seen: z.number(),
      digest: z.string(),
      platforms: z.record(z.string(), z.string()),
    }),
  ),
});

type Kept = z.output<typeof keptSchema>['assets'][string];

/** A crash in between announces again what was announced already, which changes nothing. */
const KEEP_DELAY_MS = 2000;

/** Kept times of assets may be this old: a restart loses no more of them. */
const SEEN_STEP_MS = 3_600_000;

export function createAnnouncer(options: AnnouncerOptions): Announcer {
  const { homeAssistant, file, publish, log, forgetAfterMs, now = Date.now } = options;
  let models = new Map(options.models.map((model) => [model.model, model]));
  const counters = { announcements: 0, notAnnounced: 0 };
  let full = false;

  function readKept(): Map<string, Kept> {
    const read = readJsonFile(file);
    const kept = keptSchema.safeParse(read.kind === 'read' ? read.value : undefined);
    if (!kept.success && read.kind !== 'absent') log.warn('announcements-unusable', { file });
    return new Map(kept.success ? Object.entries(kept.data.assets) : []);
  }

  const assets = readKept();

  let timer: NodeJS.Timeout | undefined;

  function keepNow(): void {
    clearTimeout(timer);
    timer = undefined;
    try {
      writeJsonFile(file, { schema: 1, assets: Object.fromEntries(assets) });
    } catch (error) {
      const { code, name } = error as NodeJS.ErrnoException;
      log.warn('announcements-not-kept', { file, reason: code ?? name });
    }
  }

  /** Hundreds of assets appear within a second: one write for all of them. */
  function keep(): void {
    timer ??= setTimeout(keepNow, KEEP_DELAY_MS).unref();
  }

  function send(messages: readonly OutputMessage[]): void {
    for (const message of messages) {
      counters.announcements++;
      publish(message).catch(({ message: reason }: Error) =>
        log.warn('announcement-not-published', { topic: message.topic, reason }),
      );
    }
  }

  function configOf(asset: string, names: readonly string[]): DeviceConfig {
    const known = names.flatMap((name) => models.get(name) ?? []);
    return homeAssistant.asset(asset, known);
  }

  /** Says what is new of an asset; @returns whether anything was. */
  function settle(asset: string, kept: Kept, force = false): boolean {
    const names = kept.models.filter((name) => models.has(name)).sort();
    if (names.length === 0) {
      assets.delete(asset);
      send([remove(homeAssistant.assetTopic(asset))]);
      return true;
    }
    const config = configOf(asset, names);
    const digest = createHash('sha256').update(JSON.stringify(config)).digest('base64url');
    if (digest === kept.digest && !force) return false;
    send(change(kept.platforms, config));
    assets.set(asset, { ...kept, models: names, digest, platforms: platformsOf(config) });
    return true;
  }

  function settleAll(force = false): void {
    const changed = [...assets].map(([asset, kept]) => settle(asset, kept, force));
    if (changed.includes(true)) keep();
  }

  function start(force = false): void {
    send(change({}, homeAssistant.gateway()));
    settleAll(force);
  }

  function add(asset: string, model: string): void {
    const kept = assets.get(asset) ?? { models: [], seen: now(), digest: '', platforms: {} };
    if (!assets.has(asset) && assets.size >= MAX_ANNOUNCED) {
      counters.notAnnounced++;
      if (!full) log.warn('announcements-full', { allowed: MAX_ANNOUNCED });
      full = true;
      return;
    }
    settle(asset, { ...kept, models: [...kept.models, model] });
    keep();
  }

  return {
    start: () => start(),
    note({ asset, model }) {
      const kept = assets.get(asset);
      if (kept === undefined || !kept.models.includes(model)) {
        if (models.has(model)) add(asset, model);
        return;
      }
      const at = now();
      if (Math.abs(at - kept.seen) < SEEN_STEP_MS) return;
      assets.set(asset, { ...kept, seen: at });
      keep();
    },
    setModels(changed) {
      models = new Map(changed.map((model) => [model.model, model]));
      settleAll();
    },
    tick() {
      if (forgetAfterMs === 0) return;
      const before = now() - forgetAfterMs - SEEN_STEP_MS;
      const quiet = [...assets].filter(([, { seen }]) => seen < before);
      for (const [asset] of quiet) {
        assets.delete(asset);
        send([remove(homeAssistant.assetTopic(asset))]);
      }
      if (quiet.length === 0) return;
      full = false;
      keep();
    },
    repeat: () => start(true),
    clear() {
      send(
        [homeAssistant.gateway().topic, ...[...assets.keys()].map(homeAssistant.assetTopic)].map(
          remove,
        ),
      );
      assets.clear();
      keep();
    },
    stop() {
      if (timer !== undefined) keepNow();
    },
    snapshot: () => ({ announced: assets.size, ...counters }),
  };
}
