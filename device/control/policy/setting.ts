// What may decide on the policy of a gateway, and in which order.
import type { PolicyDocument, PolicyName } from '@dandan/shared/policy';

/** A policy that always holds, or a document that says which holds when. */
export type PolicySetting = PolicyName | PolicyDocument;

/** First the person who stands at the gateway, then who looks after all of them, then its file. */
export const POLICY_SOURCES = ['override', 'remote', 'config'] as const;

export type PolicySource = (typeof POLICY_SOURCES)[number];

/** The policy that holds now; another object whenever anything of it changes. */
export interface PolicyInForce {
  readonly policy: PolicyName;
  /** Deepest stage that load leaves; absent where nothing is capped. */
  readonly maxStage?: number;
  readonly source: PolicySource;
  /** In one line, for people. */
  readonly reason: string;
  /** When a local override ends, milliseconds since the epoch. */
  readonly until?: number;
}
