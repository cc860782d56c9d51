// Where the nodes of an hour stopped, and where they would have stopped under another policy.
import type { Manifest } from '@dandan/shared/bundle';
import type { PolicyName } from '@dandan/shared/policy';
import type { TrafficHour } from './traffic.ts';

/** Nodes by stage; index 0 is stage 1. */
export interface Exits {
  /** Confident there, or through all stages. */
  readonly confident: readonly number[];
  /** Stopped there by a limit. */
  readonly forced: readonly number[];
  /** Nodes among them that were placed by the manifest's shares rather than by what was seen. */
  readonly estimated: number;
}

/** What a policy with caps makes of a cascade. */
export interface Limits {
  readonly policy: PolicyName;
  /** @default {that of the policy} */
  readonly maxStage?: number | undefined;
}

const zeros = ({ stages }: Manifest) => stages.map(() => 0);

/**
 * As it was. The roll-ups count how many nodes a limit stopped, not where: they are taken to be
 * those of the deepest stages, which is so wherever one limit held for the hour.
 */
export function exitsSeen(manifest: Manifest, { exits, cut }: TrafficHour): Exits {
  const confident = zeros(manifest).map((_, k) => exits[k] ?? 0);
  const forced = zeros(manifest);
  let left = cut;
  // A node that ran the last stage was stopped by nothing.
  for (let k = forced.length - 2; k >= 0; k--) {
    forced[k] = Math.min(left, confident[k]);
    confident[k] -= forced[k];
    left -= forced[k];
  }
  return { confident, forced, estimated: 0 };
}

/** Whether two policies stop the same nodes before stage `deepest`. */
function alike(manifest: Manifest, a: PolicyName, b: PolicyName, deepest: number): boolean {
  const [one, two] = [manifest.policies[a].thresholds, manifest.policies[b].thresholds];
  return one.slice(0, deepest - 1).every((threshold, k) => threshold === two[k]);
}

/**
 * As it would have been under `limits`. Exact where the thresholds are those that held and no node
 * goes deeper than it went. A node that was cut short and would have climbed on, and every node
 * where thresholds differ, is placed by the shares that the manifest measured under `day`.
 */
export function exitsUnder(manifest: Manifest, hour: TrafficHour, limits: Limits): Exits {
  const { policy, maxStage = Number.POSITIVE_INFINITY } = limits;
  const deepest = Math.min(manifest.policies[policy].maxStage, maxStage);
  const confident = zeros(manifest);
  const forced = zeros(manifest);
  const place = (stage: number, nodes: number) => {
    if (stage <= deepest) confident[stage - 1] += nodes;
    else forced[deepest - 1] += nodes;
  };
  let estimated = 0;
  /** Nodes that climb beyond `stage`, by the shares of those that did in validation. */
  const climb = (stage: number, nodes: number) => {
    const shares = manifest.stages.slice(stage).map(({ validation }) => validation.stopShare);
    const sum = shares.reduce((total, share) => total + share, 0);
    estimated += nodes;
    // None climbed in validation: those that do now go to the end.
    if (sum === 0) place(manifest.stages.length, nodes);
    else shares.forEach((share, k) => void place(stage + k + 1, (nodes * share) / sum));
  };
  if (!alike(manifest, hour.policy, policy, deepest)) {
    climb(0, hour.nodes);
    return { confident, forced, estimated };
  }
  const seen = exitsSeen(manifest, hour);
  seen.confident.forEach((nodes, k) => void place(k + 1, nodes));
  seen.forced.forEach((nodes, k) => {
    if (k + 1 >= deepest) forced[deepest - 1] += nodes;
    else if (nodes > 0) climb(k + 1, nodes);
  });
  return { confident, forced, estimated };
}

/** Nodes by the stage at which they stop. */
export const stopsOf = ({ confident, forced }: Exits) => confident.map((n, k) => n + forced[k]);

/** Multiply-accumulates by the manifest's figures, which are those of rows of average sparsity. */
export function macsBy({ stages }: Manifest, exits: Exits): number {
  let upTo = 0;
  return stopsOf(exits).reduce((sum, nodes, k) => {
    upTo += stages[k].macs;
    return sum + nodes * upTo;
  }, 0);
}

/**
 * Nodes expected to differ from the full cascade. Confident ones at the rate of the certificate's
 * nodes, or without one at that of their whole stage in validation, which is too many. Nodes stopped
 * at stage k by a limit as if all that stage k got wrong in validation were among those that climbed
 * on from it, which is the most it can be.
 */
export function disagreementsBy(manifest: Manifest, policy: PolicyName, exits: Exits): number {
  const { stages, policies } = manifest;
  const deepest = Math.max(1, stopsOf(exits).findLastIndex((nodes) => nodes > 0) + 1);
  const certified = ([policy, 'day', 'night'] as const).find(
    (name) => policies[name].certificate !== null && alike(manifest, policy, name, deepest),
  );
  const certificate = certified && policies[certified].certificate;
  const wrong = (k: number) => (k === stages.length - 1 ? 0 : 1 - stages[k].validation.agreement);
  const climbing = (k: number) =>
    stages.slice(k + 1).reduce((sum, { validation }) => sum + validation.stopShare, 0);
  return stages.reduce((sum, _, k) => {
    const rate = certificate ? certificate.disagreements / certificate.n : wrong(k);
    const cut = climbing(k) > 0 ? Math.min(1, wrong(k) / climbing(k)) : wrong(k);
    return sum + exits.confident[k] * rate + exits.forced[k] * cut;
  }, 0);
}
