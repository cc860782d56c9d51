// Metrics as Prometheus knows them: plain data, written out by render.ts.

export type Labels = Readonly<Record<string, string>>;

export interface Series {
  readonly labels?: Labels;
  readonly value: number;
}

/** Counts by upper bound, each with those below it; the last bound is infinite. */
export interface HistogramSeries {
  readonly labels?: Labels;
  /** Ascending, without the infinite one. */
  readonly bounds: readonly number[];
  /** One more than bounds; not cumulative. */
  readonly counts: readonly number[];
  readonly sum: number;
}

interface FamilyName {
  /** Without the suffix of its type: `_total` and `_bucket` are added. */
  readonly name: string;
  /** One sentence. */
  readonly help: string;
}

export type Family = FamilyName &
  (
    | { readonly kind: 'counter' | 'gauge'; readonly series: readonly Series[] }
    | { readonly kind: 'histogram'; readonly series: readonly HistogramSeries[] }
  );
