// The policy in force, kept current: by the calendar to the instant, by load, override and clock
// within a second. Asking for it is a read of a variable, so that every row may.
import { nextChange } from '@dandan/shared/policy';
import type { Logger } from '../../log/index.ts';
import { decidePolicy, documentInForce, type PolicyWords } from './decide-policy.ts';
import { type CpuTimes, createLoadMeter, MEASURED } from './load-meter.ts';
import { createOverrideWatch } from './override-watch.ts';
import { createPolicyTally, type PolicyCounters } from './policy-counters.ts';
import type { PolicyInForce, PolicySetting } from './setting.ts';

/** A person who sets an override waits a second for it; a look costs well below a millisecond. */
export const CHECK_INTERVAL_MS = 1000;

/** Time servers slew smaller differences. */
const CLOCK_JUMP_MS = 2000;

export interface PolicyWatchOptions {
  readonly configured: PolicySetting;
  /** Where a person at the gateway leaves an override. @default {none is looked for} */
  readonly overrideFile?: string | undefined;
  /** Rows and messages that wait now. */
  readonly queueDepth: () => number;
  readonly log: Logger;
  /** Called after every change, never while deciding. */
  readonly onChange?: (inForce: PolicyInForce) => void;
  /** @default {of this process and machine} */
  readonly cpuTimes?: () => CpuTimes;
  /** Milliseconds since the epoch. @default {Date.now} */
  readonly now?: () => number;
  /** Milliseconds of a clock that never jumps. @default {performance.now} */
  readonly steady?: () => number;
}

export interface PolicyWatch {
  current(): PolicyInForce;
  /** Counts rows answered under the policy in force. */
  addRows(count: number): void;
  /** What operators want from afar; `undefined`: nothing. Decides at once. */
  setRemote(setting: PolicySetting | undefined): void;
  /** Decides again now. */
  check(): void;
  /** Checks by itself from now on. */
  start(): void;
  stop(): void;
  snapshot(): PolicyCounters;
}

const sameDecision = (a: PolicyInForce, b: PolicyInForce) =>
  a.policy === b.policy && a.maxStage === b.maxStage && a.source === b.source;

/** A watch that has decided once. */
export function createPolicyWatch(options: PolicyWatchOptions): PolicyWatch {
  const { configured, overrideFile, queueDepth, log, onChange, cpuTimes } = options;
  const { now = Date.now, steady = () => performance.now() } = options;
  const meter = createLoadMeter({ queueDepth, ...(cpuTimes !== undefined && { cpuTimes }) });
  const tally = createPolicyTally();
  const overrides = createOverrideWatch({
    file: overrideFile,
    onUnusable(reason) {
      tally.counters.overridesRefused++;
      log.warn('policy-override-refused', { file: overrideFile, reason });
    },
  });
  let words: PolicyWords = { override: undefined, remote: undefined, configured };
  let clock = { wall: now(), steady: steady() };
  let loadStep = 0;
  let timer: NodeJS.Timeout | undefined;

  function warnUnmeasured(): void {
    const measure = documentInForce(words)?.load?.measure;
    if (measure === undefined || MEASURED.includes(measure)) return;
    log.warn('policy-load-not-measured', { measure, measured: MEASURED.join(', ') });
  }

  function decideNow(): PolicyInForce {
    words = { ...words, override: overrides.look(clock.wall, clock.steady) };
    const measure = documentInForce(words)?.load?.measure;
    const load = measure === undefined ? 0 : meter.load(measure);
    const decided = decidePolicy({ words, at: clock.wall, load, loadStep });
    loadStep = decided.loadStep;
    return decided.inForce;
  }

  meter.sample(clock.steady);
  warnUnmeasured();
  let inForce = decideNow();

  function noteClock(): void {
    const before = clock;
    clock = { wall: now(), steady: steady() };
    const passed = clock.steady - before.steady;
    tally.addTime(inForce, passed);
    const byMs = Math.round(clock.wall - before.wall - passed);
    if (Math.abs(byMs) < CLOCK_JUMP_MS) return;
    tally.counters.clockJumps++;
    log.warn('clock-jumped', { byMs });
  }

  function check(): void {
    noteClock();
    meter.sample(clock.steady);
    const next = decideNow();
    const before = inForce;
    if (sameDecision(before, next) && before.reason === next.reason) return;
    inForce = next;
    if (!sameDecision(before, next)) {
      tally.counters.changes++;
      log.info('policy-changed', { from: before.policy, ...next });
    }
    onChange?.(next);
  }

  /** The calendar's next change, or a second: a timer for tomorrow would sleep through a set clock. */
  function delay(): number {
    const document = documentInForce(words);
    const at = now();
    const change = document === undefined ? undefined : nextChange(document, at);
    const soonest = Math.min(change ?? Infinity, words.override?.until ?? Infinity);
    return Math.max(1, Math.min(CHECK_INTERVAL_MS, soonest - at));
  }

  function arm(): void {
    timer = setTimeout(() => {
      check();
      arm();
    }, delay());
    timer.unref();
  }

  return {
    current: () => inForce,
    addRows(count) {
      meter.addRows(count);
      tally.addRows(inForce, count);
    },
    setRemote(remote) {
      if (remote === words.remote) return;
      const document = documentInForce(words);
      words = { ...words, remote };
      if (documentInForce(words) !== document) {
        // Steps of another document mean another load.
        loadStep = 0;
        warnUnmeasured();
      }
      check();
    },
    check,
    start() {
      if (timer === undefined) arm();
    },
    stop() {
      clearTimeout(timer);
      timer = undefined;
    },
    snapshot() {
      noteClock();
      return tally.snapshot();
    },
  };
}
