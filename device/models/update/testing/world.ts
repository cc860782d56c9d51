// A gateway with everything about it that an update meets, in memory and as fast as it goes: its
// disk, its clock, the edge, the rows. The network and the real disk have tests of their own.
import { setImmediate as turn } from 'node:timers/promises';
import type { VerifyingKey } from '@dandan/shared/release';
import { createBundleStore, type Stages } from '../../bundle-store/index.ts';
import { createFragileFiles, type FragileFiles } from '../../bundle-store/testing/fragile-files.ts';
import type { LocalModel } from '../../cascade/index.ts';
import type { BundleSource } from '../bundle-source.ts';
import type { ChannelClient } from '../channel-client.ts';
import type { ModelHost } from '../context.ts';
import { DEFAULT_CRITERIA, DEFAULT_PROBATION } from '../judge.ts';
import type { Offer } from '../offer.ts';
import type { ModelReport } from '../report.ts';
import type { ShadowRow } from '../shadow.ts';
import { createStateFiles } from '../state-files.ts';
import { openUpdater, type Updater } from '../updater.ts';
import { CHANNEL, MODEL, SIGNER, START, VERSIONS } from './releases.ts';

/** Long enough for signatures on a loaded machine, short enough to fail before the test's own limit. */
const DEADLINE_MS = 20_000;

export interface World {
  readonly files: FragileFiles;
  /** What the edge answers; `undefined`: it is away. */
  offer: Offer | undefined;
  /** Bytes by name; what is missing is answered with 404. */
  readonly bundles: Map<string, Uint8Array>;
  /** `false`: rows stand still. */
  rows: boolean;
  /** `false`: it is not the hour in which bundles may change. */
  mayChange: boolean;
  /** The new bundle's answers to the rows. */
  answer: (row: ShadowRow) => ShadowRow;
  keys: readonly VerifyingKey[];
  stages: Stages;
  now: number;
  /** The edge's clock; `undefined`: it tells no time. */
  edgeTime: number | undefined;
  readonly served: (string | undefined)[];
  readonly log: { readonly event: string; readonly [field: string]: unknown }[];
  /** Starts the program. */
  boot(): Promise<Updater>;
  /** Lets time pass until `done`, or the power goes. */
  until(updater: Updater, done: (report: ModelReport) => boolean): Promise<ModelReport>;
}

export const AGREES: ShadowRow = {
  asset: 'press-1',
  time: START,
  old: { class: 0, confidence: 0.9, stage: 1 },
  new: { class: 0, confidence: 0.9, stage: 1 },
};

export function createWorld(files: FragileFiles = createFragileFiles()): World {
  let monotonic = 0;

  const channels: ChannelClient = {
    async ask(_model, _channel, signal) {
      await turn();
      signal.throwIfAborted();
      const { offer } = world;
      if (offer === undefined) return { kind: 'unavailable', reason: 'away', retryAfterMs: 0 };
      const { edgeTime } = world;
      return { kind: 'offer', offer, edgeTime: edgeTime && edgeTime + monotonic };
    },
  };

  const source: BundleSource = {
    async open({ sha256, offset, end, signal }) {
      await turn();
      signal.throwIfAborted();
      const bytes = world.bundles.get(sha256);
      if (world.offer === undefined) {
        return { kind: 'unavailable', reason: 'away', retryAfterMs: 0 };
      }
      if (bytes === undefined) return { kind: 'refused', reason: 'HTTP 404 bundle-unknown' };
      async function* body() {
        for (let at = offset; at < end; at += 1000) {
          await turn();
          yield (bytes as Uint8Array).slice(at, Math.min(end, at + 1000));
        }
      }
      return { kind: 'part', offset, etag: `"${sha256}"`, body: body() };
    },
  };

  const host: ModelHost = {
    serve(model: LocalModel | undefined) {
      world.served.push(model?.sha256);
    },
    mayChange: () => world.mayChange,
    start() {
      let stopped = false;
      return {
        async observe(listener) {
          while (!stopped) {
            await turn();
            if (world.rows && !stopped)
              listener(Array.from({ length: 50 }, () => world.answer(AGREES)));
          }
        },
        stop() {
          stopped = true;
        },
      };
    },
  };

  const note = (event: string, fields = {}) => {
    world.log.push({ event, ...fields });
  };

  const world: World = {
    files,
    offer: undefined,
    bundles: new Map(VERSIONS.map(({ sha256, bytes }) => [sha256, bytes])),
    rows: true,
    mayChange: true,
    answer: (row) => row,
    keys: [SIGNER],
    stages: 1,
    now: START,
    edgeTime: START,
    served: [],
    log: [],
    async boot() {
      const updater = await openUpdater({
        models: [
          {
            model: MODEL,
            channel: CHANNEL,
            stages: world.stages,
            criteria: DEFAULT_CRITERIA,
            probation: DEFAULT_PROBATION,
          },
        ],
        parts: {
          store: createBundleStore({ folder: '/store/bundles', files }),
          state: createStateFiles({
            folder: '/store/state',
            files,
            marksFile: '/keys/highest.json',
          }),
          channels,
          source,
          keys: async () => world.keys,
          log: { debug: note, info: note, warn: note, error: note },
          now: () => world.now + monotonic,
          monotonic: () => monotonic,
          random: () => 0.5,
          async wait(ms, signal) {
            await turn();
            signal.throwIfAborted();
            monotonic += ms;
          },
        },
        host: () => host,
        checkIntervalMs: 0,
      });
      await updater.start();
      return updater;
    },
    async until(updater, done) {
      const deadline = Date.now() + DEADLINE_MS;
      while (Date.now() < deadline) {
        const [report] = updater.report();
        if (done(report) || files.dead) return report;
        await turn();
      }
      throw new Error(`in vain: ${JSON.stringify([updater.report(), world.log.slice(-5)])}`);
    },
  };
  return world;
}

export const atRest = (sha256: string) => (report: ModelReport) =>
  report.phase === 'init' && report.running?.bundle === sha256;
