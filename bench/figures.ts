// From the repetitions of both sides to one line of the report.
import type { CaseFigures } from './benchmark.ts';

/** Middle value; of an even number the mean of the middle two. `values` must not be empty. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** Four significant digits: the noise of a shared machine is far above the fifth. */
const rounded = (value: number) => Number(value.toPrecision(4));

export interface SummariseOptions {
  readonly name: string;
  readonly unit: string;
  readonly ours: readonly number[];
  /** Samples by peer; a peer without samples is left out. */
  readonly peers?: Readonly<Record<string, readonly number[]>>;
  readonly notes?: readonly string[];
  readonly details?: Readonly<Record<string, unknown>>;
}

/** Medians and ratios (peer / ours) of repeated measurements. */
export function summarise(options: SummariseOptions): CaseFigures {
  const { name, unit, notes = [], details } = options;
  const ours = options.ours.length === 0 ? null : median(options.ours);
  const measured = Object.entries(options.peers ?? {}).filter(([, { length }]) => length > 0);
  const medians = measured.map(([peer, samples]) => [peer, median(samples)] as const);
  const every = [['ours', options.ours] as const, ...measured];
  return {
    name,
    unit,
    ours: ours === null ? null : rounded(ours),
    peers: Object.fromEntries(medians.map(([peer, value]) => [peer, rounded(value)])),
    ratios: Object.fromEntries(
      ours === null || ours === 0
        ? []
        : medians.map(([peer, value]) => [peer, rounded(value / ours)]),
    ),
    samples: Object.fromEntries(every.map(([side, values]) => [side, values.map(rounded)])),
    notes,
    ...(details && { details }),
  };
}

/** A case that was not measured, and why. */
export function notMeasured(
  { name, unit }: { readonly name: string; readonly unit: string },
  why: string,
  failed = false,
): CaseFigures {
  const figures = summarise({ name, unit, ours: [], notes: [why] });
  return failed ? { ...figures, failed: true } : figures;
}
