// The updates of all models of a gateway: one store, one state each, and a clock that asks the edge.
import { waitFor } from '../../retry/index.ts';
import type { CheckResult } from './asker.ts';
import type { ModelHost, ModelUpdateConfig, UpdateParts } from './context.ts';
import { keptBundles } from './kept-bundles.ts';
import { type ModelUpdater, openModelUpdater } from './model-updater.ts';
import { type HeartbeatModel, heartbeatOf, type ModelReport } from './report.ts';
import type { Requests } from './requests.ts';
import type { AnsweredFigures } from './serving.ts';

/** A release reaches a gateway within five minutes; heartbeats that name another bundle are quicker. */
export const DEFAULT_CHECK_INTERVAL_MS = 300_000;

/** A person at the command line waits for it. */
const REQUEST_INTERVAL_MS = 1000;

export interface UpdaterOptions {
  readonly models: readonly ModelUpdateConfig[];
  readonly parts: Omit<UpdateParts, 'collect'>;
  /** The gateway as it runs a model; without it nothing is tried or served. */
  readonly host?: ((config: ModelUpdateConfig) => ModelHost) | undefined;
  /** 0: only when told. @default {DEFAULT_CHECK_INTERVAL_MS} */
  readonly checkIntervalMs?: number;
  /** Wishes from the command line. */
  readonly requests?: Requests | undefined;
  /** True: another process owns the store; only `look` and `report` are of use. @default {false} */
  readonly readOnly?: boolean;
  /** Called after every transition and problem, with what there is to report. */
  readonly onChange?: (reports: readonly ModelReport[]) => void;
}

export interface UpdateRequestOptions {
  readonly model: string;
  /** @default {any} */
  readonly channel?: string | undefined;
  /** The release that is meant. What the edge has is taken up, and said where it is older. */
  readonly release?: number | undefined;
}

export interface Updater {
  /** Serves what ran before the start; asks the edge from then on. It waits for no network. */
  start(): Promise<void>;
  /** Asks the edge now, for all models. */
  check(): Promise<readonly CheckResult[]>;
  /** As a command on the broker wants it: asks the edge for one model. */
  request(options: UpdateRequestOptions): Promise<readonly CheckResult[]>;
  /** What a check would take up. */
  look(): Promise<readonly CheckResult[]>;
  /** Goes back to the bundle before. @returns the models that did. */
  rollback(options: {
    readonly model?: string | undefined;
    readonly reason: string;
  }): Promise<readonly string[]>;
  /** Rows that a bundle has answered as the one that is served. */
  answered(model: string, channel: string, figures: AnsweredFigures): void;
  /** What a heartbeat's answer says: the edge's time, and bundles that differ are asked for. */
  heard(answer: {
    readonly time?: number | undefined;
    readonly channels?:
      | readonly {
          readonly model: string;
          readonly channel: string;
          readonly bundle: string;
        }[]
      | undefined;
  }): void;
  report(): readonly ModelReport[];
  heartbeat(): readonly HeartbeatModel[];
  /** Resolves when nothing more can be done for now. */
  settled(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Reads what is remembered; nothing runs before `start`. The store must be locked by this process
 * (`lockStore`), unless it is opened to be read.
 */
export async function openUpdater(options: UpdaterOptions): Promise<Updater> {
  const { models, host, requests, onChange = () => {} } = options;
  const { checkIntervalMs = DEFAULT_CHECK_INTERVAL_MS } = options;
  const { store, state, random, log } = options.parts;
  const stopping = new AbortController();
  const updaters: ModelUpdater[] = [];
  const loops: Promise<void>[] = [];

  if (options.readOnly !== true) {
    await store.prepare();
    await state.prepare();
  }

  /** Also of models that are not configured now, which may come back. */
  async function needed(): Promise<ReadonlySet<string>> {
    const others = [];
    for (const key of await state.keys()) {
      const own = ({ document }: ModelUpdater) =>
        document.model === key.model && document.channel === key.channel;
      if (!updaters.some(own)) others.push((await state.load(key)).document);
    }
    return new Set([...others, ...updaters.map(({ document }) => document)].flatMap(keptBundles));
  }

  async function collect(): Promise<void> {
    const freed = await store.collect(needed);
    if (freed > 0) log.info('bundles-collected', { bytes: freed });
  }

  const report = () => updaters.map((each) => each.report());
  let told = '';

  /** A check that finds nothing new is no news. */
  function tell(): void {
    const reports = report();
    const text = JSON.stringify(reports);
    if (text === told) return;
    told = text;
    onChange(reports);
  }

  const parts = { ...options.parts, collect };
  for (const config of models) {
    updaters.push(
      await openModelUpdater({
        config,
        parts,
        host: host?.(config),
        onChange: tell,
      }),
    );
  }

  const of = (model?: string, channel?: string) =>
    updaters.filter(
      ({ document }) =>
        (model === undefined || document.model === model) &&
        (channel === undefined || document.channel === channel),
    );
  const checkAll = (some: readonly ModelUpdater[]) => Promise.all(some.map((each) => each.check()));

  async function rollback(wish: { readonly model?: string | undefined; readonly reason: string }) {
    const done: string[] = [];
    for (const each of of(wish.model)) {
      if (await each.rollback(wish.reason)) done.push(each.document.model);
    }
    return done;
  }

  async function serveRequest(asked: Requests): Promise<void> {
    const request = await asked.take();
    if (request === undefined) return;
    const { id, kind, model, reason = 'an operator wants it' } = request;
    const results =
      kind === 'check' ? await checkAll(of(model)) : await rollback({ model, reason });
    await asked.answer(id, results);
  }

  /** Does something again and again until the updater stops. */
  async function every(ms: () => number, act: () => Promise<unknown>): Promise<void> {
    while (!stopping.signal.aborted) {
      await act().catch((error: Error) => {
        if (!stopping.signal.aborted) log.error('update-stuck', { reason: error.message });
      });
      await waitFor(ms(), stopping.signal).catch(() => {});
    }
  }

  return {
    async start() {
      for (const each of updaters) await each.start();
      // The gateways of a plant do not ask in the same second.
      const interval = () => checkIntervalMs * (0.9 + 0.2 * random());
      if (checkIntervalMs > 0) loops.push(every(interval, () => checkAll(updaters)));
      if (requests !== undefined) {
        loops.push(
          every(
            () => REQUEST_INTERVAL_MS,
            () => serveRequest(requests),
          ),
        );
      }
    },
    check: () => checkAll(updaters),
    async request({ model, channel, release }) {
      const results = await checkAll(of(model, channel));
      return results.map((result) => {
        if (release === undefined || !(result.release !== undefined && result.release < release)) {
          return result;
        }
        const reason = `release ${release} was asked for, the edge has ${result.release}`;
        return { ...result, kind: 'unavailable', reason };
      });
    },
    look: () => Promise.all(updaters.map((each) => each.look())),
    rollback,
    answered(model, channel, figures) {
      for (const each of of(model, channel)) each.answered(figures);
    },
    heard({ time, channels = [] }) {
      for (const each of updaters) if (time !== undefined) each.edgeTime(time);
      for (const { model, channel, bundle } of channels) {
        const behind = of(model, channel).filter(
          ({ document: { running } }) => running?.bundle.sha256 !== bundle,
        );
        checkAll(behind).catch(({ message }: Error) => {
          log.error('update-stuck', { model, channel, reason: message });
        });
      }
    },
    report,
    heartbeat: () => report().flatMap((each) => heartbeatOf(each) ?? []),
    async settled() {
      for (const each of updaters) await each.settled();
    },
    async stop() {
      stopping.abort(new Error('stopped'));
      await Promise.all(loops);
      for (const each of updaters) await each.stop();
    },
  };
}
