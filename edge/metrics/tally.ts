// Sums over answers: the only form in which figures are counted, sent, kept and added up.

/** Upper bounds of the confidence histogram are k / 20: fine enough to see a threshold move. */
export const CONFIDENCE_BINS = 20;

/** Plain JSON; arrays grow to the longest that was added. */
export interface Tally {
  requests: number;
  nodes: number;
  /** Multiply-accumulates spent, and those of the same rows had none stopped early. */
  macs: number;
  fullMacs: number;
  /** Answers a gateway gave because the edge was out of reach. */
  degraded: number;
  /** Answers compared with the full cascade, and those that differed. */
  audits: number;
  disagreements: number;
  confidenceSum: number;
  /** Answers by stage; index 0 is stage 1. */
  readonly stages: number[];
  /** Answers by reason, in the order of `STOP_REASONS`. */
  readonly stopped: number[];
  /** Answers with a confidence in ((k − 1) / 20, k / 20]; 0 is in the first. */
  readonly confidence: number[];
}

/** Names of the plain numbers, in the order of columns and data points. */
export const TALLY_NUMBERS = [
  'requests',
  'nodes',
  'macs',
  'fullMacs',
  'degraded',
  'audits',
  'disagreements',
  'confidenceSum',
] as const;

export const TALLY_LISTS = ['stages', 'stopped', 'confidence'] as const;

export function createTally(): Tally {
  return {
    requests: 0,
    nodes: 0,
    macs: 0,
    fullMacs: 0,
    degraded: 0,
    audits: 0,
    disagreements: 0,
    confidenceSum: 0,
    stages: [],
    stopped: [],
    confidence: [],
  };
}

function addList(into: number[], from: readonly number[]): void {
  for (let i = 0; i < from.length; i++) into[i] = (into[i] ?? 0) + from[i];
}

/** Adds `from` to `into`, which is returned. */
export function addTally(into: Tally, from: Readonly<Tally>): Tally {
  for (const name of TALLY_NUMBERS) into[name] += from[name];
  for (const name of TALLY_LISTS) addList(into[name], from[name]);
  return into;
}

/** Bin of a confidence, 0..19. */
export function confidenceBin(confidence: number): number {
  return Math.max(0, Math.min(CONFIDENCE_BINS, Math.ceil(confidence * CONFIDENCE_BINS)) - 1);
}
