// Every kind of edge over several histories, one measurement after the other.
import { codeVersion } from '../code-version.ts';
import type { EdgeHistory } from './edge-history.ts';
import { EDGE_VARIANTS, type EdgeVariant } from './edge-variants.ts';
import { openFinishedFigures } from './finished-figures.ts';
import { type EdgeFigures, measureVariant } from './measure-variant.ts';

export interface EdgeMeasurement extends EdgeFigures {
  readonly variant: string;
  readonly seed: number;
}

export interface MeasureEdgesOptions {
  /** The history of a seed, which may be another one or only another split. */
  historyOf(seed: number): EdgeHistory | Promise<EdgeHistory>;
  readonly seeds: readonly number[];
  /** @default {each kind on its own and all but each} */
  readonly variants?: readonly EdgeVariant[] | undefined;
  /** Folder of finished measurements. */
  readonly dir: string;
  /** Measures again what is there. @default {false} */
  readonly fresh?: boolean | undefined;
  onMeasured?(measurement: EdgeMeasurement): void;
  readonly signal?: AbortSignal | undefined;
}

/**
 * @returns by seed, then by variant.
 * @throws the signal's reason when aborted; what was finished is kept.
 */
export async function measureEdges(options: MeasureEdgesOptions): Promise<EdgeMeasurement[]> {
  const { seeds, variants = EDGE_VARIANTS, dir, fresh = false, signal } = options;
  const version = codeVersion();
  const measured: EdgeMeasurement[] = [];
  for (const seed of seeds) {
    signal?.throwIfAborted();
    const history = await options.historyOf(seed);
    const finished = openFinishedFigures({ dir, history, seed, codeVersion: version });
    for (const variant of variants) {
      const known = fresh ? undefined : await finished.find(variant);
      const figures = known ?? (await measureVariant({ history, variant, seed, signal }));
      if (known === undefined) await finished.keep(variant, figures);
      const measurement = { variant: variant.name, seed, ...figures };
      measured.push(measurement);
      options.onMeasured?.(measurement);
    }
  }
  return measured;
}
