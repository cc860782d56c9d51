// Whether a canary goes on, is promoted or rolled back: a decision on plain facts.
import type { RolloutCriteria } from '../registry/rollout-criteria.ts';

/** What is known of a group of devices. */
export interface DeviceFacts {
  readonly devices: number;
  /** Of them, those that have not been heard of for `silenceMinutes`. */
  readonly silent: number;
}

export interface RolloutFacts {
  /** Devices that have run the new bundle. */
  readonly canary: DeviceFacts & {
    /** Devices that gave the bundle up by themselves, with the reason of one of them. */
    readonly failed: number;
    readonly failure: string | undefined;
    /** Rows that these devices have answered with the bundle, and those that ended in an error. */
    readonly rows: number;
    readonly errors: number;
  };
  /** All other devices of the channel: what the link and the plant do to any of them. */
  readonly others: DeviceFacts;
  /** When the monitor of audits raised its alarm on the bundle, if it has. */
  readonly alarmed: string | undefined;
}

export type Verdict =
  | { readonly kind: 'continue' }
  | { readonly kind: 'promote' | 'rollback'; readonly reason: string };

/** Fewer errors than this are chance, whatever share of the rows they are. */
export const MIN_ERRORS = 3;

const rollback = (reason: string): Verdict => ({ kind: 'rollback', reason });
const share = (part: number, whole: number) => (whole === 0 ? 0 : part / whole);
const percent = (value: number) => `${Math.round(1000 * value) / 10} %`;

/** @param expired whether the deadline has passed. */
export function judgeRollout(
  criteria: RolloutCriteria,
  facts: RolloutFacts,
  { expired }: { readonly expired: boolean },
): Verdict {
  const { canary, others, alarmed } = facts;
  const { maxErrorRate, maxMissingShare, silenceMinutes, minDevices, atDeadline } = criteria;
  if (alarmed !== undefined) return rollback(`the monitor of audits raised an alarm at ${alarmed}`);
  if (canary.failed > 0) {
    return rollback(
      `${canary.failed} devices gave the bundle up: ${canary.failure ?? 'no reason'}`,
    );
  }
  const errorRate = share(canary.errors, canary.rows);
  if (canary.errors >= MIN_ERRORS && errorRate > maxErrorRate) {
    return rollback(`${percent(errorRate)} of rows end in an error, ${percent(maxErrorRate)} may`);
  }
  // Where the others are as silent, it is the link.
  const missing = share(canary.silent, canary.devices) - share(others.silent, others.devices);
  if (canary.silent > 0 && missing > maxMissingShare) {
    return rollback(
      `${canary.silent} of ${canary.devices} devices were not heard of for ${silenceMinutes} minutes`,
    );
  }
  if (!expired) return { kind: 'continue' };
  if (canary.devices < minDevices) {
    return rollback(`at the deadline ${canary.devices} devices had run it, ${minDevices} must`);
  }
  if (atDeadline === 'promote') {
    return { kind: 'promote', reason: 'nothing spoke against it by the deadline' };
  }
  return rollback('nobody had promoted it by the deadline');
}
