// Wishes from afar at work: heard on `…/desired`, kept on disk, acted on, answered on `…/reported`.
import type { Reported, Topics } from '@dandan/shared/wire';
import { readJsonFile, writeJsonFile } from '../../json-file/index.ts';
import { createRateLimit, type Logger } from '../../log/index.ts';
import type { Transport } from '../../mqtt/index.ts';
import { readDesired, type Settings, shortReason } from './desired-message.ts';
import {
  EMPTY_STATE,
  fromKept,
  type Limits,
  type RemoteEvent,
  type RemoteState,
  reduceRemote,
  toKept,
} from './remote-state.ts';
import { type Facts, reportOf } from './report.ts';
import { createReporter } from './reporter.ts';

/** A flood of refused messages fills no log. */
const LOG_INTERVAL_MS = 10_000;

export interface RemoteControlOptions {
  readonly transport: Pick<Transport, 'subscribe' | 'publish'>;
  readonly topics: Pick<Topics, 'desired' | 'reported'>;
  /** Where the last wishes acted on are kept. */
  readonly file: string;
  readonly limits: Limits;
  /** Puts the settings into force; throws for what turns out to be impossible. Called with a change. */
  readonly apply: {
    readonly [K in Exclude<keyof Settings, 'models'>]-?: (value: Settings[K]) => void;
  } & {
    /** `undefined`: no longer wanted. May throw, or reject later. */
    model(name: string, request: Settings['models'][string] | undefined): void | Promise<void>;
  };
  readonly facts: () => Facts;
  readonly software: string;
  readonly log: Logger;
  /** @default {1000} */
  readonly reportIntervalMs?: number;
  /** Milliseconds since the epoch. @default {Date.now} */
  readonly now?: () => number;
}

export interface RemoteCounters {
  readonly desiredReceived: number;
  readonly desiredAccepted: number;
  /** Messages refused as a whole, and fields refused of others. */
  readonly desiredRefused: number;
  readonly fieldsRefused: number;
  readonly reportsSent: number;
  /** Wishes that are acted on but could not be kept on disk. */
  readonly keepFailures: number;
}

export interface RemoteControl {
  /** Settings in force. */
  readonly settings: Settings;
  /** Puts what was kept into force, then listens. @throws {InputError} `broker-refused`. */
  start(): Promise<void>;
  /** What is reported may have changed: policy, update, log level. */
  touch(): void;
  /** To be called with every connection: the broker may have lost what it retained. */
  onConnect(): void;
  stop(): void;
  snapshot(): RemoteCounters;
}

const SINGLE = ['policy', 'schedule', 'outputs', 'logLevel'] as const;

/** Remote control that has read what was kept, but acted on none of it yet. */
export function createRemoteControl(options: RemoteControlOptions): RemoteControl {
  const { transport, topics, file, limits, apply, facts, software, log } = options;
  const { reportIntervalMs = 1000, now = Date.now } = options;
  const since = now();
  const admit = createRateLimit({ intervalMs: LOG_INTERVAL_MS, now });
  const counters = {
    desiredReceived: 0,
    desiredAccepted: 0,
    desiredRefused: 0,
    fieldsRefused: 0,
    reportsSent: 0,
    keepFailures: 0,
  };

  function readKept(): RemoteState {
    const read = readJsonFile(file);
    if (read.kind === 'absent') return EMPTY_STATE;
    const state = read.kind === 'read' ? fromKept(read.value) : undefined;
    if (state !== undefined) return state;
    const reason = read.kind === 'read' ? 'not a kept state' : read.reason;
    log.error('remote-state-unusable', { file, reason });
    return EMPTY_STATE;
  }

  let state = readKept();
  let applied: Settings = { models: {} };

  const reporter = createReporter({
    read: () => reportOf({ state, facts: facts(), software, since }),
    send(report) {
      counters.reportsSent++;
      const body = { t: now(), ...report } as Reported;
      transport
        .publish(topics.reported, JSON.stringify(body), { retain: true })
        .catch(({ message }: Error) => log.debug('report-not-published', { reason: message }));
    },
    minIntervalMs: reportIntervalMs,
  });

  function keep(): void {
    try {
      writeJsonFile(file, toKept(state));
    } catch (error) {
      counters.keepFailures++;
      const { code, name } = error as NodeJS.ErrnoException;
      if (admit('keep') > 0) log.error('remote-state-not-kept', { file, reason: code ?? name });
    }
  }

  function fail(field: string, version: number, error: unknown): void {
    const reason = shortReason(error instanceof Error ? error.message : String(error));
    log.error('desired-failed', { field, version, reason });
    counters.fieldsRefused++;
    state = reduceRemote(state, { kind: 'failed', field, version, reason });
    reporter.touch();
  }

  function attempt(field: string, act: () => void | Promise<void>): void {
    const { version } = state;
    try {
      Promise.resolve(act()).catch((error: unknown) => fail(field, version, error));
    } catch (error) {
      fail(field, version, error);
    }
  }

  /** Acts on what differs; a setting that fails leaves the others alone. */
  function applySettings(): void {
    const { settings } = state;
    const before = applied;
    applied = settings;
    const changed = (a: unknown, b: unknown) => a !== b && JSON.stringify(a) !== JSON.stringify(b);
    for (const name of SINGLE) {
      // Each handler takes the type of its own field.
      const act = apply[name] as (value: unknown) => void;
      if (changed(before[name], settings[name])) attempt(name, () => act(settings[name]));
    }
    for (const name of new Set([...Object.keys(before.models), ...Object.keys(settings.models)])) {
      const request = settings.models[name];
      if (changed(before.models[name], request)) {
        attempt(`models.${name}`, () => apply.model(name, request));
      }
    }
  }

  function logMessage(): void {
    const { version, fields, problem } = state;
    const refused = Object.entries(fields).filter(([, { outcome }]) => outcome === 'refused');
    if (problem !== undefined) {
      if (admit(problem.code) > 0) log.warn('desired-refused', { ...problem });
    } else {
      log.info('desired-accepted', { version, refused: refused.map(([name]) => name) });
    }
  }

  function take(event: RemoteEvent): void {
    const before = state;
    state = reduceRemote(state, event);
    if (state === before) return;
    if (state.problem !== undefined) counters.desiredRefused++;
    else if (state.fields !== before.fields) {
      counters.desiredAccepted++;
      const outcomes = Object.values(state.fields);
      counters.fieldsRefused += outcomes.filter(({ outcome }) => outcome === 'refused').length;
      // On disk before it is acted on, so that a restart in between acts on it again.
      keep();
      applySettings();
    }
    logMessage();
    reporter.touch();
  }

  return {
    get settings() {
      return state.settings;
    },
    async start() {
      applySettings();
      await transport.subscribe(topics.desired, (_, payload) => {
        counters.desiredReceived++;
        take({ kind: 'message', message: readDesired(payload), limits });
      });
      reporter.touch();
    },
    touch: reporter.touch,
    onConnect: reporter.forget,
    stop: reporter.stop,
    snapshot: () => ({ ...counters }),
  };
}
