// Running counts of what a gateway answered itself, by model, bundle and policy, and their reports.
import type { PolicyName } from '@dandan/shared/policy';
import { type GatewayReport, MAX_COUNT } from '@dandan/shared/wire';
import type { PostOutcome, PostToEdge } from './edge-post.ts';

/** 32 models under two policies, and as many bundles before whose last report is still to be sent. */
export const MAX_COUNTED = 128;

export interface Counted {
  readonly model: string;
  /** SHA-256 of the bundle. */
  readonly bundle: string;
  readonly policy: PolicyName;
}

interface Series {
  readonly what: Counted;
  readonly since: number;
  readonly byStage: number[];
  degraded: number;
  /** Changes since the last report that the edge took. */
  dirty: boolean;
}

export interface GatewayCounts {
  /** Counts `rows` that were answered for good at `stage` (1-based). */
  answered(what: Counted, stage: number, rows?: number): void;
  /** Counts own answers published in place of the edge's. */
  degraded(what: Counted, rows?: number): void;
  /** Reports all that changed, one after the other; stops at the first that the edge cannot take. */
  send(signal: AbortSignal): Promise<PostOutcome>;
}

export interface GatewayCountsOptions {
  readonly post: PostToEdge;
  /** Told of a report that the edge refuses for good. */
  readonly onRefused: (what: Counted, reason: string) => void;
  /** Milliseconds since the epoch. @default {Date.now} */
  readonly now?: () => number;
}

/** Counts that begin with the process and with every change of the bundle. */
export function createGatewayCounts(options: GatewayCountsOptions): GatewayCounts {
  const { post, onRefused, now = Date.now } = options;
  const series = new Map<string, Series>();
  let latest = 0;

  function seriesOf(what: Counted): Series {
    const key = `${what.model} ${what.bundle} ${what.policy}`;
    const known = series.get(key);
    if (known !== undefined) return known;
    // A clock that was set back must not make counts look older than those before them.
    latest = Math.max(now(), latest + 1);
    const made: Series = { what, since: latest, byStage: [0], degraded: 0, dirty: false };
    series.set(key, made);
    if (series.size > MAX_COUNTED) series.delete(series.keys().next().value as string);
    return made;
  }

  /** A bundle that another has followed is dropped with its last report. */
  function isOver({ what: { model, policy, bundle } }: Series): boolean {
    let newest = bundle;
    for (const { what } of series.values()) {
      if (what.model === model && what.policy === policy) newest = what.bundle;
    }
    return newest !== bundle;
  }

  const cap = (count: number) => Math.min(MAX_COUNT, count);

  return {
    answered(what, stage, rows = 1) {
      const own = seriesOf(what);
      while (own.byStage.length < stage) own.byStage.push(0);
      own.byStage[stage - 1] = cap(own.byStage[stage - 1] + rows);
      own.dirty = true;
    },
    degraded(what, rows = 1) {
      const own = seriesOf(what);
      own.degraded = cap(own.degraded + rows);
      own.dirty = true;
    },
    async send(signal) {
      for (const [key, own] of [...series]) {
        if (own.dirty) {
          const { what, since, byStage, degraded } = own;
          const report: GatewayReport = { ...what, since, byStage: [...byStage], degraded };
          own.dirty = false;
          const outcome = await post(
            {
              path: 'v1/gateway-metrics',
              body: JSON.stringify(report),
              mediaType: 'application/json',
            },
            signal,
          ).catch((error: unknown) => {
            own.dirty = true;
            throw error;
          });
          if (outcome.kind === 'refused') onRefused(what, outcome.reason);
          else if (outcome.kind !== 'taken') {
            own.dirty = true;
            return outcome;
          }
        }
        if (!own.dirty && isOver(own)) series.delete(key);
      }
      return { kind: 'taken', json: undefined };
    },
  };
}
