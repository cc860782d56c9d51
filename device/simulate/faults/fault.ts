// What faults work on, and what they tell of themselves.
import type { Sample } from '@dandan/shared/features';

/** A sample on its way: `time` is what its asset's clock says, `sentAt` when it leaves. */
export interface SentSample extends Sample {
  /** Milliseconds since the epoch on the simulation's own, faultless clock. */
  readonly sentAt: number;
}

export interface TimedMessage {
  /** Milliseconds since the epoch on the simulation's own clock. */
  readonly sentAt: number;
  readonly topic: string;
  readonly payload: Uint8Array;
  readonly retain: boolean;
  readonly asset: string;
  /** Time of its samples as their asset's clock says. */
  readonly time: number;
  /** Samples in it; 0 for garbage. */
  readonly samples: number;
}

/** One step of a pipeline: what becomes of one item. Random choices come from its seed alone. */
export type Transform<Item> = (item: Item) => Iterable<Item>;

export const FAULTS = [
  'gap',
  'unit',
  'noise',
  'stuck',
  'skew',
  'drop',
  'outage',
  'duplicate',
  'garbage',
  'retained',
  'latency',
  'reorder',
] as const;

export type FaultKind = (typeof FAULTS)[number];

/** One fault that was injected: what a test compares a gateway's findings with. */
export interface Truth {
  readonly fault: FaultKind;
  /** When it holds or, for spells, begins; milliseconds since the epoch on the faultless clock. */
  readonly from: number;
  /** Where it lasts: its end. */
  readonly until?: number;
  readonly asset?: string;
  readonly channel?: string;
  readonly topic?: string;
  /** In the fault's own measure; see docs/gateway.md. */
  readonly amount?: number;
  readonly detail?: string;
}

export type TellTruth = (truth: Truth) => void;
