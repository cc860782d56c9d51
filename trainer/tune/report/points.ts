// The trials of a search as points to draw: where they end and what they are.
import type { SearchResult } from '../search.ts';
import type { Parameters } from '../space.ts';
import { DEFAULT_TRIAL, type Trial } from '../trial.ts';

/** What a point means; each has a shape and a colour of its own. */
export type PointKind = 'pruned' | 'full' | 'untuned' | 'best' | 'failed';

export interface Point {
  readonly trial: number;
  readonly kind: PointKind;
  /** Validation accuracy at the last evaluation, 0..1; 0 for `failed`. */
  readonly accuracy: number;
  readonly parameters: Parameters;
  /** What a pointer over the point is told. */
  readonly title: string;
}

export function pointsOf(trials: readonly Trial[], { ranked, last }: SearchResult): Point[] {
  const full = new Set(ranked.map(({ trial }) => trial));
  const best = ranked[0].trial;
  return trials.map(({ number: trial, parameters, runs }) => {
    const evaluation = last[trial];
    const values = Object.entries(parameters).map(([name, value]) => `${name} ${value}`);
    const words = (trial === DEFAULT_TRIAL ? ['without tuning', ...values] : values).join(', ');
    if (evaluation.state === 'failed') {
      const title = `trial ${trial} failed: ${evaluation.message}; ${words}`;
      return { trial, kind: 'failed', accuracy: 0, parameters, title };
    }
    const { accuracy, stages } = evaluation;
    const share = `${(100 * accuracy).toFixed(2)} %`;
    const students = `${stages} of ${runs[0].widths.length} students`;
    const title = `trial ${trial}: ${share} after ${students}; ${words}`;
    const rest = full.has(trial) ? 'full' : 'pruned';
    const kind = trial === best ? 'best' : trial === DEFAULT_TRIAL ? 'untuned' : rest;
    return { trial, kind, accuracy, parameters, title };
  });
}

/** Accuracies below this share of the points would press all others together: drawn at the edge. */
const CUT_SHARE = 0.1;
const PADDING = 0.08;

/** Accuracies the axis shows. */
export function accuracyDomain(points: readonly Point[]): [number, number] {
  const scored = points.filter(({ kind }) => kind !== 'failed');
  const sorted = scored.map(({ accuracy }) => accuracy).sort((a, b) => a - b);
  const low = sorted[Math.floor(CUT_SHARE * sorted.length)];
  const high = sorted[sorted.length - 1];
  // A hundredth of a point apart at least, so that equal accuracies do not fill the axis.
  const room = Math.max(high - low, 1e-4);
  return [Math.max(0, low - PADDING * room), Math.min(1, high + PADDING * room)];
}
