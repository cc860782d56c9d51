// Which hard cases a model keeps where there is not room for all: the most telling, with no class and
// no device taking more than its share.
import type { HardReason } from '../metrics/flush.ts';

/** Cases of a model that wait for a label or were skipped; nobody labels more than some hundred. */
export const MAX_OPEN_CASES = 1000;

/** Of one answered class. */
export const MAX_CASES_PER_CLASS = 250;

/** Of one device, or key: whoever floods the edge takes a tenth of the room, and no class as a whole. */
export const MAX_CASES_PER_ASKER = 100;

/** What the choice depends on. */
export interface CaseSummary {
  readonly id: string;
  readonly reason: HardReason;
  readonly answer: string;
  readonly confidence: number;
  readonly key: string;
  readonly device: string;
  /** Somebody looked and did not want to label it: the first to go. */
  readonly skipped: boolean;
}

export interface Quotas {
  /** @default {MAX_OPEN_CASES} */
  readonly total?: number;
  /** @default {MAX_CASES_PER_CLASS} */
  readonly perClass?: number;
  /** @default {MAX_CASES_PER_ASKER} */
  readonly perAsker?: number;
}

const askerOf = ({ key, device }: CaseSummary) => device || key;

/** Waiting before skipped, disagreements before doubt, doubt by how little the answer was sure of. */
function moreTelling(a: CaseSummary, b: CaseSummary): number {
  const rank = ({ skipped, reason }: CaseSummary) =>
    2 * Number(skipped) + Number(reason !== 'disagreement');
  return rank(a) - rank(b) || a.confidence - b.confidence || (a.id < b.id ? -1 : 1);
}

/**
 * The cases that are kept, most telling first. The choice depends on the cases alone, not on their
 * order or on which were there before.
 */
export function chooseKept<C extends CaseSummary>(cases: readonly C[], quotas: Quotas = {}): C[] {
  const {
    total = MAX_OPEN_CASES,
    perClass = MAX_CASES_PER_CLASS,
    perAsker = MAX_CASES_PER_ASKER,
  } = quotas;
  const classes = new Map<string, number>();
  const askers = new Map<string, number>();
  const kept: C[] = [];
  for (const each of cases.toSorted(moreTelling)) {
    if (kept.length === total) break;
    const ofClass = classes.get(each.answer) ?? 0;
    const ofAsker = askers.get(askerOf(each)) ?? 0;
    if (ofClass === perClass || ofAsker === perAsker) continue;
    classes.set(each.answer, ofClass + 1);
    askers.set(askerOf(each), ofAsker + 1);
    kept.push(each);
  }
  return kept;
}
