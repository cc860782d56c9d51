// Which policy holds for a request, how deep it may go, and why: a pure function of document, time,
// load and what the day has cost. What it learns of a document and of a stretch of time it keeps.
import type { ScheduleState } from './day-plan.ts';
import type { PolicyDocument } from './document-fields.ts';
import type { PolicyName } from './policy.ts';
import { createSchedule, type Schedule } from './schedule.ts';
import { type CostRules, costStep, type LoadRules, loadStep } from './steps.ts';

export interface Reason {
  readonly code: ScheduleState['code'] | 'asked' | 'load' | 'cost' | 'cost-spent';
  readonly text: string;
}

export interface Decision {
  readonly policy: PolicyName;
  /** Deepest stage that load and cost leave; absent where they cap nothing. */
  readonly maxStage?: number;
  /** Steps of load in force, for the next call. */
  readonly loadStep: number;
  readonly reasons: readonly Reason[];
  /** The reasons in one line. */
  readonly reason: string;
}

export interface DecideOptions {
  /** Parsed; an object that is handed in again is not read again. */
  readonly document: PolicyDocument;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** The policy that the caller names: the calendar is not asked, caps hold. */
  readonly policy?: PolicyName | undefined;
  /** In the measure of the document. @default {0} */
  readonly load?: number | undefined;
  /** `loadStep` of the decision before. @default {0} */
  readonly loadStep?: number | undefined;
  /** Multiply-accumulates since the local midnight. @default {0} */
  readonly spentMacs?: number | undefined;
}

interface Compiled {
  readonly schedule: Schedule;
  /** The state of `from` to `to`; empty at first. */
  from: number;
  to: number;
  state: ScheduleState;
  /** Decisions in this state and of named policies, by what they depend on. */
  readonly scheduled: Map<number, Decision>;
  readonly asked: Map<string, Decision>;
}

const compiled = new WeakMap<PolicyDocument, Compiled>();

function compile(document: PolicyDocument): Compiled {
  const known = compiled.get(document);
  if (known !== undefined) return known;
  const state: ScheduleState = { policy: document.otherwise, code: 'otherwise', reason: '' };
  const schedule = createSchedule(document);
  const own = { schedule, from: 0, to: 0, state, scheduled: new Map(), asked: new Map() };
  compiled.set(document, own);
  return own;
}

/** The calendar and clock of a document, made once. */
export const scheduleOf = (document: PolicyDocument): Schedule => compile(document).schedule;

/** First instant after `at` at which the calendar gives another policy; `undefined`: never. */
export function nextChange(document: PolicyDocument, at: number): number | undefined {
  return scheduleOf(document).nextChange(at);
}

const words = (measure: LoadRules['measure']) => measure.replaceAll('-', ' ');

interface Cap {
  readonly maxStage: number;
  readonly reason: Reason;
}

function loadCap(load: LoadRules | undefined, step: number): Cap | undefined {
  if (load === undefined || step === 0) return undefined;
  const { at, maxStage } = load.steps[step - 1];
  const text = `load of ${at} ${words(load.measure)}: at most stage ${maxStage}`;
  return { maxStage, reason: { code: 'load', text } };
}

function costCap(cost: CostRules | undefined, step: number): Cap | undefined {
  if (cost === undefined || step === 0) return undefined;
  const ceiling = cost.unit === 'usd' ? `US$ ${cost.perDay}` : `${cost.perDay} MACs`;
  if (step > cost.steps.length) {
    const text = `the day's ceiling of ${ceiling} is spent: stage 1`;
    return { maxStage: 1, reason: { code: 'cost-spent', text } };
  }
  const { at, maxStage } = cost.steps[step - 1];
  const share = Number((100 * at).toPrecision(6));
  const text = `${share} % of the day's ceiling of ${ceiling} are spent: at most stage ${maxStage}`;
  return { maxStage, reason: { code: 'cost', text } };
}

/** What `base` becomes under the caps in force. */
function combine(
  { load, cost }: PolicyDocument,
  base: { readonly policy: PolicyName; readonly reason: Reason },
  steps: { readonly load: number; readonly cost: number },
): Decision {
  const caps = [loadCap(load, steps.load), costCap(cost, steps.cost)].filter(
    (cap) => cap !== undefined,
  );
  const spent = caps.some(({ reason }) => reason.code === 'cost-spent');
  const reasons = [base.reason, ...caps.map(({ reason }) => reason)];
  return Object.freeze({
    // Who names a policy gets the answer of its first stage; who leaves it open, the cheap policy.
    policy: spent && base.reason.code !== 'asked' ? 'night' : base.policy,
    ...(caps.length > 0 && { maxStage: Math.min(...caps.map(({ maxStage }) => maxStage)) }),
    loadStep: steps.load,
    reasons: Object.freeze(reasons),
    reason: reasons.map(({ text }) => text).join('; '),
  });
}

/**
 * The policy and the deepest stage for a request. Asked again with the same document in the same
 * stretch of time it costs about a tenth of a microsecond.
 */
export function decide(options: DecideOptions): Decision {
  const { document, at, policy, load = 0, spentMacs = 0 } = options;
  const own = compile(document);
  const loaded =
    document.load === undefined ? 0 : loadStep(document.load, load, options.loadStep ?? 0);
  const spent = document.cost === undefined ? 0 : costStep(document.cost, spentMacs);
  const key = loaded * 64 + spent;
  if (policy !== undefined) {
    const name = `${policy} ${key}`;
    let decision = own.asked.get(name);
    if (decision === undefined) {
      const reason: Reason = { code: 'asked', text: `${policy} as asked` };
      decision = combine(document, { policy, reason }, { load: loaded, cost: spent });
      own.asked.set(name, decision);
    }
    return decision;
  }
  if (at < own.from || at >= own.to) {
    Object.assign(own, own.schedule.segment(at));
    own.scheduled.clear();
  }
  let decision = own.scheduled.get(key);
  if (decision === undefined) {
    const { state } = own;
    const base = { policy: state.policy, reason: { code: state.code, text: state.reason } };
    decision = combine(document, base, { load: loaded, cost: spent });
    own.scheduled.set(key, decision);
  }
  return decision;
}
