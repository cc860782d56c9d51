// What an isolate sends to the meter of a model: everything since it last did.
import type { PolicyName } from '@dandan/shared/policy';
import type { Source } from './observation.ts';
import type { Tally } from './tally.ts';

/** Figures of one bundle under one policy from one source. */
export interface SeriesFlush {
  readonly bundle: string;
  readonly policy: PolicyName;
  readonly source: Source;
  readonly tally: Tally;
}

/** Audits in the order in which they were made. */
export interface AuditFlush {
  readonly bundle: string;
  readonly policy: PolicyName;
  /** Of the policy's certificate. */
  readonly alpha: number;
  readonly delta: number;
  /** `1` where the answer differed from the full cascade's, `0` where it did not. */
  readonly outcomes: string;
}

export interface AskerFlush {
  readonly key: string;
  readonly device: string;
  /** The last one that answered. */
  readonly bundle: string;
  readonly requests: number;
  readonly nodes: number;
  /** Rows among them that were escalations. */
  readonly escalations: number;
  readonly degraded: number;
}

/** Codes of sampled rows, counted in the bins of the bundle's reference. */
export interface DriftFlush {
  readonly bundle: string;
  readonly rows: number;
  /** uint32, feature after feature. */
  readonly counts: Uint32Array;
}

/** Why a row is worth a person's look. */
export const HARD_REASONS = ['disagreement', 'low-confidence'] as const;

export type HardReason = (typeof HARD_REASONS)[number];

export interface HardCandidate {
  readonly bundle: string;
  readonly policy: PolicyName;
  readonly key: string;
  readonly device: string;
  readonly reason: HardReason;
  /** As it was answered. */
  readonly class: number;
  readonly label: string;
  readonly confidence: number;
  /** What the full cascade said; `null` where the answer is its own. */
  readonly fullLabel: string | null;
  /** One quantised row as safetensors. */
  readonly row: Uint8Array;
}

export interface ModelFlush {
  readonly model: string;
  readonly series: readonly SeriesFlush[];
  readonly audits: readonly AuditFlush[];
  readonly askers: readonly AskerFlush[];
  readonly drift: readonly DriftFlush[];
  readonly hardCases: readonly HardCandidate[];
}

/** Numbered, so that one that is sent again counts once. */
export interface Flush extends ModelFlush {
  /** Random name of the isolate. */
  readonly isolate: string;
  /** Ascends within the isolate. */
  readonly sequence: number;
}

/** Audits that a gateway has sent. */
export interface AuditReport {
  readonly model: string;
  /** Key and Idempotency-Key of the sender: a repeated report counts once. */
  readonly id: string;
  readonly bundle: string;
  readonly policy: PolicyName;
  /** `undefined` without a certificate. */
  readonly promise: { readonly alpha: number; readonly delta: number } | undefined;
  readonly outcomes: string;
  readonly drift: DriftFlush | undefined;
  readonly hardCases: readonly HardCandidate[];
}

/** What a gateway has answered itself under one bundle, since it began to count. */
export interface GatewayReport {
  readonly model: string;
  readonly key: string;
  readonly device: string;
  readonly bundle: string;
  readonly policy: PolicyName;
  /** Milliseconds since 1970: later counts with the same value replace earlier ones. */
  readonly since: number;
  /** Only grow while `since` stays. */
  readonly byStage: readonly number[];
  readonly degraded: number;
  /** Multiply-accumulates of a row up to each stage. */
  readonly macsUpTo: readonly number[];
}

/** Where a sequential test of a promise stands. */
export interface MonitorState {
  readonly alpha: number;
  readonly delta: number;
  readonly audits: number;
  readonly disagreements: number;
  /** An e-value; the promise is doubted from 1 / delta on. */
  readonly evidence: number;
  /** ISO 8601 time of the first alarm. */
  readonly alarmed: string | null;
}

/** Calls that the meter of a model answers. */
export interface MeterCalls {
  record(flush: Flush): Promise<void>;
  /** Counts what a report says beyond the one before; an older one changes nothing. */
  gateway(report: GatewayReport): Promise<void>;
  /** `repeated`: the report was known already. `monitor`: `null` without a certificate. */
  audit(
    report: AuditReport,
  ): Promise<{ readonly repeated: boolean; readonly monitor: MonitorState | null }>;
}
