// How features were distributed when a model was trained: counts of codes in a few bins per feature,
// small enough to travel in the manifest.
import * as z from 'zod';
import { MAX_FEATURES } from '../features/spec.ts';
import { type DenseRows, MAX_CODE, type QuantisedRows, type SparseRows } from '../kernel/index.ts';

/** Features of a reference: 512 of ten bins are some 60 kB of JSON. Wider rows keep the telling ones. */
export const MAX_REFERENCE_FEATURES = 512;

/** Ten are made; a few more do no harm. */
export const MAX_CUTS = 16;

/** Bins that rows of training fill evenly, where codes are fine enough. */
const BINS = 10;

/** A code of more rows than this share gets a bin of its own: it may become rarer on either side. */
const HEAVY_SHARE = 0.2;

const isAscending = (list: readonly number[]) =>
  list.every((value, i) => i === 0 || value > list[i - 1]);

const featureSchema = z
  .strictObject({
    column: z
      .int()
      .min(0)
      .max(MAX_FEATURES - 1),
    /** A code belongs to bin b when b of the cuts are at or below it. */
    cuts: z.array(z.int().min(1).max(MAX_CODE)).min(1).max(MAX_CUTS),
    /** Training rows by bin. */
    counts: z.array(z.int().min(0)),
  })
  .refine(({ cuts }) => isAscending(cuts), 'cuts must ascend')
  .refine(
    ({ cuts, counts }) => counts.length === cuts.length + 1,
    'there is one bin more than cuts',
  );

/** In ascending order of columns. */
export const featureReferenceSchema = z
  .strictObject({
    /** Training rows counted. */
    rows: z.int().min(1),
    features: z.array(featureSchema).min(1).max(MAX_REFERENCE_FEATURES),
  })
  .refine(
    ({ features }) => isAscending(features.map(({ column }) => column)),
    'columns must ascend',
  )
  .refine(
    ({ rows, features }) =>
      features.every(({ counts }) => counts.reduce((sum, count) => sum + count, 0) === rows),
    'the counts of a feature must add up to rows',
  );

export type FeatureReference = z.infer<typeof featureReferenceSchema>;
export type ReferenceFeature = FeatureReference['features'][number];

/**
 * Cuts at tenths of the rows, and around heavy codes, of a histogram over codes. A heavy code holds
 * two tenths or more, so that there are at most ten.
 */
function cutsOf(histogram: Uint32Array, rows: number): number[] {
  const cuts = new Set<number>();
  let below = 0;
  for (let code = 0; code <= MAX_CODE; code++) {
    const upTo = below + histogram[code];
    const tenth = Math.floor((upTo * BINS) / rows) > Math.floor((below * BINS) / rows);
    const heavy = histogram[code] > HEAVY_SHARE * rows;
    if (heavy && code > 0) cuts.add(code);
    if ((tenth || heavy) && code < MAX_CODE) cuts.add(code + 1);
    below = upTo;
  }
  return [...cuts].sort((a, b) => a - b);
}

function binOf(cuts: readonly number[], code: number): number {
  let bin = 0;
  while (bin < cuts.length && code >= cuts[bin]) bin++;
  return bin;
}

/** 1 − Σ p²: 0 where all rows share a bin. */
const spread = ({ counts }: ReferenceFeature, rows: number) =>
  1 - counts.reduce((sum, count) => sum + (count / rows) ** 2, 0);

function denseFeatures({ width, codes }: DenseRows, nodes: ArrayLike<number>): ReferenceFeature[] {
  const codeCount = MAX_CODE + 1;
  const histograms = new Uint32Array(width * codeCount);
  for (let i = 0; i < nodes.length; i++) {
    const begin = nodes[i] * width;
    for (let j = 0; j < width; j++) histograms[j * codeCount + codes[begin + j]]++;
  }
  return Array.from({ length: width }, (_, column) => {
    const histogram = histograms.subarray(column * codeCount, (column + 1) * codeCount);
    const cuts = cutsOf(histogram, nodes.length);
    const counts = new Array<number>(cuts.length + 1).fill(0);
    histogram.forEach((count, code) => {
      counts[binOf(cuts, code)] += count;
    });
    return { column, cuts, counts };
  });
}

/** Whether a column is listed, not its code: rows are words of a text or the like. */
function sparseFeatures(
  { width, offsets, indices }: SparseRows,
  nodes: ArrayLike<number>,
): ReferenceFeature[] {
  const listed = new Uint32Array(width);
  for (let i = 0; i < nodes.length; i++) {
    const row = nodes[i];
    for (let e = offsets[row]; e < offsets[row + 1]; e++) listed[indices[e]]++;
  }
  return Array.from(listed, (count, column) => ({
    column,
    cuts: [1],
    counts: [nodes.length - count, count],
  }));
}

/**
 * The reference of the rows at `nodes`. Of more than {@linkcode MAX_REFERENCE_FEATURES} columns
 * those are kept whose rows differ most.
 *
 * @returns `undefined` without rows.
 */
export function createReference(
  rows: QuantisedRows,
  nodes: ArrayLike<number>,
): FeatureReference | undefined {
  const count = nodes.length;
  if (count === 0) return undefined;
  const features = rows.kind === 'dense' ? denseFeatures(rows, nodes) : sparseFeatures(rows, nodes);
  const kept = features
    .map((feature) => ({ feature, spread: spread(feature, count) }))
    .sort((a, b) => b.spread - a.spread || a.feature.column - b.feature.column)
    .slice(0, MAX_REFERENCE_FEATURES)
    .map(({ feature }) => feature)
    .sort((a, b) => a.column - b.column);
  return { rows: count, features: kept };
}

/** Bins of all features together. */
export function referenceBins({ features }: FeatureReference): number {
  return features.reduce((sum, { counts }) => sum + counts.length, 0);
}

/** Adds row `row` to `counts`, which has {@linkcode referenceBins} entries, feature after feature. */
export type CountRow = (rows: QuantisedRows, row: number, counts: Uint32Array) => void;

/**
 * A counter of rows in the bins of a reference: a table look-up per feature, where searching the cuts
 * takes six times as long.
 */
export function createRowCounter({ features }: FeatureReference): CountRow {
  const codeCount = MAX_CODE + 1;
  const columns = Int32Array.from(features, ({ column }) => column);
  // Of every feature and code the entry of `counts`.
  const entries = new Uint16Array(features.length * codeCount);
  let base = 0;
  features.forEach(({ cuts, counts }, f) => {
    for (let code = 0; code < codeCount; code++) {
      entries[f * codeCount + code] = base + binOf(cuts, code);
    }
    base += counts.length;
  });
  return (rows, row, counts) => {
    const { codes } = rows;
    if (rows.kind === 'dense') {
      const begin = row * rows.width;
      for (let f = 0; f < columns.length; f++) {
        counts[entries[f * codeCount + codes[begin + columns[f]]]]++;
      }
      return;
    }
    const { indices, offsets } = rows;
    const end = offsets[row + 1];
    let e = offsets[row];
    for (let f = 0; f < columns.length; f++) {
      while (e < end && indices[e] < columns[f]) e++;
      const code = e < end && indices[e] === columns[f] ? codes[e] : 0;
      counts[entries[f * codeCount + code]]++;
    }
  };
}
