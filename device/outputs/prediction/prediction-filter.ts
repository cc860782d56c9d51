// Holds predictions back by the rules of the gateway: a function of the predictions and their own
// times, so that a replay of the journal holds the same ones back. No clock is read.
import type { Prediction } from '@dandan/shared/wire';
import * as z from 'zod';
import { type AssetState, assetStateSchema, createAssetState, MAX_OWED } from './asset-state.ts';
import { isActive, type PredictionRules } from './rules.ts';

/** Assets remembered; of the longest unheard what is held leaves at once. 10,000 take some 5 MB. */
export const MAX_ASSETS = 10_000;

/** Why predictions did not leave. */
export interface SuppressedCounts {
  /** A newer one of the interval left in their place. */
  readonly limited: number;
  readonly unchanged: number;
  readonly unsure: number;
  readonly unsettled: number;
  /** Older than one that had left or waited. */
  readonly stale: number;
}

export interface FilterResult {
  /** To be published, in this order. */
  readonly publish: readonly Prediction[];
  /** They will never leave and count as delivered. What is in neither list waits. */
  readonly suppressed: readonly Prediction[];
}

export interface PredictionFilterOptions {
  readonly rules: PredictionRules;
  /** Of another filter's `snapshot`. @default {nothing is remembered} */
  readonly snapshot?: unknown;
}

export interface PredictionFilter {
  offer(prediction: Prediction): FilterResult;
  /** Lets out what waits until `time` at the latest. */
  advance(time: number): FilterResult;
  /** Lets out all that waits: the gateway stops. */
  flush(): FilterResult;
  setRules(rules: PredictionRules): void;
  /** Whether any prediction waits for its time. */
  isHolding(): boolean;
  /** JSON-able. */
  snapshot(): unknown;
  counters(): SuppressedCounts;
}

const snapshotSchema = z.object({
  schema: z.literal(1),
  assets: z.array(z.tuple([z.string(), assetStateSchema])).max(MAX_ASSETS),
});

function restore(snapshot: unknown): Map<string, AssetState> {
  const read = snapshotSchema.safeParse(snapshot);
  return new Map(read.success ? read.data.assets : []);
}

/** Each model's word about an asset is a series of its own. */
const keyOf = ({ model, asset }: Prediction) => `${model} ${asset}`;

/** A filter of all models' predictions. */
export function createPredictionFilter(options: PredictionFilterOptions): PredictionFilter {
  let { rules } = options;
  const assets = restore(options.snapshot);
  const holding = new Set([...assets].filter(([, { held }]) => held).map(([key]) => key));
  const counts = { limited: 0, unchanged: 0, unsure: 0, unsettled: 0, stale: 0 };
  let publish: Prediction[] = [];
  let suppressed: Prediction[] = [];

  function suppress(prediction: Prediction, why: keyof SuppressedCounts): void {
    counts[why]++;
    suppressed.push(prediction);
  }

  function dropHeld(key: string, state: AssetState, why: keyof SuppressedCounts): void {
    if (state.held === undefined) return;
    suppress(state.held, why);
    delete state.held;
    holding.delete(key);
  }

  function letOut(state: AssetState, prediction: Prediction): void {
    const { id, t, class: given, confidence, bundle, degraded } = prediction;
    if (state.last === undefined || t >= state.last.t) {
      state.last = { id, t, class: given, confidence, bundle, degraded };
    }
    if (degraded) state.owed = [...state.owed, id].slice(-MAX_OWED);
    publish.push(prediction);
  }

  const dueAt = ({ next }: AssetState) => next - (rules.burst - 1) * rules.minIntervalMs;

  function spend(state: AssetState, at: number): void {
    state.next = Math.max(state.next, at) + rules.minIntervalMs;
  }

  /** As if somebody had looked at the very end of the interval. */
  function release(key: string, state: AssetState, time: number): void {
    const due = dueAt(state);
    if (state.held === undefined || due > time) return;
    const { held } = state;
    delete state.held;
    holding.delete(key);
    spend(state, due);
    letOut(state, held);
  }

  function stateOf(key: string): AssetState {
    const state = assets.get(key) ?? createAssetState();
    // The last touched stand last.
    assets.delete(key);
    assets.set(key, state);
    if (assets.size > MAX_ASSETS) {
      const [[oldest, forgotten]] = assets;
      release(oldest, forgotten, Number.POSITIVE_INFINITY);
      assets.delete(oldest);
    }
    return state;
  }

  /** Counts the class; whether it may be told. */
  function isSettled({ votes, last }: AssetState, given: number): boolean {
    if (rules.settle === undefined) return true;
    const { n, m } = rules.settle;
    votes.push(given);
    votes.splice(0, votes.length - m);
    const same = votes.filter((vote) => vote === given).length;
    return last === undefined || last.class === given || same >= n;
  }

  function isChange({ last }: AssetState, prediction: Prediction): boolean {
    if (!rules.changeOnly || last === undefined) return true;
    return (
      prediction.class !== last.class ||
      prediction.bundle !== last.bundle ||
      prediction.degraded !== last.degraded ||
      Math.abs(prediction.confidence - last.confidence) >= rules.confidenceStep ||
      prediction.t - last.t >= rules.heartbeatMs
    );
  }

  function take(key: string, state: AssetState, prediction: Prediction): void {
    const { id, t } = prediction;
    const owed = prediction.degraded ? -1 : state.owed.indexOf(id);
    if (owed >= 0) {
      state.owed.splice(owed, 1);
      letOut(state, prediction);
      return;
    }
    const newest = Math.max(state.last?.t ?? -Infinity, state.held?.t ?? -Infinity);
    const corrects = state.held?.id === id;
    if (t < newest || (t === newest && !corrects)) suppress(prediction, 'stale');
    else if (prediction.confidence < rules.minConfidence) suppress(prediction, 'unsure');
    else if (!isSettled(state, prediction.class)) suppress(prediction, 'unsettled');
    else if (!isChange(state, prediction)) {
      // What waited has been taken back before anybody heard of it.
      dropHeld(key, state, 'unchanged');
      suppress(prediction, 'unchanged');
    } else {
      dropHeld(key, state, 'limited');
      if (t >= dueAt(state)) {
        spend(state, t);
        letOut(state, prediction);
      } else {
        state.held = prediction;
        holding.add(key);
      }
    }
  }

  function result(): FilterResult {
    const made = { publish, suppressed };
    publish = [];
    suppressed = [];
    return made;
  }

  function advance(time: number): FilterResult {
    for (const key of [...holding]) release(key, assets.get(key) as AssetState, time);
    return result();
  }

  return {
    offer(prediction) {
      if (!isActive(rules) && holding.size === 0) return { publish: [prediction], suppressed: [] };
      const key = keyOf(prediction);
      const state = stateOf(key);
      release(key, state, prediction.t);
      take(key, state, prediction);
      return result();
    },
    advance,
    flush: () => advance(Number.POSITIVE_INFINITY),
    isHolding: () => holding.size > 0,
    setRules(changed) {
      rules = changed;
    },
    snapshot: () => structuredClone({ schema: 1, assets: [...assets] }),
    counters: () => ({ ...counts }),
  };
}
