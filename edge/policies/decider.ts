// Decides for each request by the document in force, in microseconds: documents and spending are read
// from D1 every few seconds, by the request that finds them old.
import {
  type Decision,
  decide,
  type PolicyDocument,
  type PolicyName,
  scheduleOf,
} from '@dandan/shared/policy';
import type { Answer } from '@dandan/shared/wire';
import type { Bindings } from '../env.ts';
import { createLoadMeter } from './load-meter.ts';
import { ALL_MODELS, createPolicyStore, parsePolicy, type StoredPolicy } from './policy-store.ts';
import { createSpending } from './spending.ts';
import { createTraffic } from './traffic.ts';

/** Milliseconds that a new version takes to reach the last isolate, and spending to be seen. */
export const REREAD_MS = 5000;

/** Models of which an isolate keeps the document; only models that exist are asked for. */
const MAX_MODELS = 1000;

/** What a request leaves to the document, or names itself. */
export type AskedPolicy = PolicyName | 'auto';

export interface Applied {
  readonly policy: PolicyName;
  /** Deepest stage that the document leaves. */
  readonly cap?: number;
  /** Why, where it was not the caller's choice. */
  readonly decided?: string;
}

/** A document in force with what an isolate knows beside it. */
export interface Standing {
  readonly stored: StoredPolicy;
  /** In the measure of the document; `undefined` where the edge does not measure that. */
  readonly load: number | undefined;
  /** Multiply-accumulates of the local day. */
  readonly spentMacs: number;
  /** Steps of load in force. */
  readonly loadStep: number;
}

export interface PolicyDecider {
  decide(request: {
    readonly env: Bindings;
    readonly model: string;
    readonly policy: AskedPolicy;
  }): Promise<Applied>;
  /** Counts answers: they are load, and they cost. */
  answered(model: string, answers: readonly Pick<Answer, 'macs'>[]): void;
  /** The document in force for a model, and what this isolate knows. */
  standing(env: Bindings, model: string): Promise<Standing | undefined>;
  /** Forgets how fresh documents are: one was written. */
  forget(): void;
}

interface Entry {
  readAt: number;
  stored: StoredPolicy | undefined;
  loadStep: number;
}

function appliedOf({ policy, maxStage, reason }: Decision, asked: AskedPolicy): Applied {
  if (maxStage !== undefined) return { policy, cap: maxStage, decided: reason };
  return asked === 'auto' ? { policy, decided: reason } : { policy };
}

export interface PolicyDeciderOptions {
  /** Milliseconds. @default {Date.now} */
  readonly now?: () => number;
}

/** A decider for one isolate. */
export function createPolicyDecider({ now = Date.now }: PolicyDeciderOptions = {}): PolicyDecider {
  const entries = new Map<string, Entry>();
  const meter = createLoadMeter(now);
  const spending = createSpending((model, scope) => scope === ALL_MODELS || scope === model);

  async function read(env: Bindings, model: string, entry: Entry): Promise<void> {
    const row = await createPolicyStore(env.REGISTRY).inForce(model);
    const { stored } = entry;
    const same = stored?.model === row?.model && stored?.version === row?.version;
    // The same object, whose schedule is known already.
    if (!same) entry.stored = row && parsePolicy(row);
    if (entry.stored?.document.cost === undefined) return;
    const { model: scope, document } = entry.stored;
    const day = scheduleOf(document).localDay(now());
    spending.learn(scope, day, await createTraffic(env.REGISTRY).macs(scope, day));
  }

  function freshEntry(model: string): Entry | undefined {
    const known = entries.get(model);
    const age = now() - (known?.readAt ?? Number.NEGATIVE_INFINITY);
    // A clock set back would keep an entry for as long as it was set back.
    return age >= 0 && age < REREAD_MS ? known : undefined;
  }

  async function readEntry(env: Bindings, model: string): Promise<Entry> {
    const entry = entries.get(model) ?? { readAt: 0, stored: undefined, loadStep: 0 };
    // From now on, so that requests that come meanwhile go by what is known instead of reading, too.
    entry.readAt = now();
    await read(env, model, entry);
    if (entries.size >= MAX_MODELS) entries.clear();
    entries.set(model, entry);
    return entry;
  }

  function loadOf({ load }: PolicyDocument): number | undefined {
    if (load?.measure === 'rows-per-second') return meter.rowsPerSecond();
    if (load?.measure === 'requests-per-second') return meter.requestsPerSecond();
    return undefined;
  }

  function decideBy(entry: Entry, stored: StoredPolicy, policy: PolicyName | undefined): Decision {
    const { document, model: scope } = stored;
    const at = now();
    const decision = decide({
      document,
      at,
      policy,
      load: loadOf(document),
      loadStep: entry.loadStep,
      spentMacs: spending.spent(scope, at),
    });
    entry.loadStep = decision.loadStep;
    return decision;
  }

  return {
    async decide({ env, model, policy: asked }) {
      const entry = freshEntry(model) ?? (await readEntry(env, model));
      const { stored } = entry;
      if (stored === undefined) return { policy: asked === 'auto' ? 'day' : asked };
      return appliedOf(decideBy(entry, stored, asked === 'auto' ? undefined : asked), asked);
    },
    answered(model, answers) {
      meter.add(answers.length);
      let macs = 0;
      for (const answer of answers) macs += answer.macs;
      spending.add(model, macs);
    },
    async standing(env, model) {
      const { stored, loadStep } = freshEntry(model) ?? (await readEntry(env, model));
      if (stored === undefined) return undefined;
      const spentMacs = spending.spent(stored.model, now());
      return { stored, loadStep, spentMacs, load: loadOf(stored.document) };
    },
    forget() {
      for (const entry of entries.values()) entry.readAt = Number.NEGATIVE_INFINITY;
    },
  };
}
