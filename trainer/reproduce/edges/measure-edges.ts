// Every kind of edge over several histories, one measurement after the other.
import type { TeacherKind } from '../../teacher/create-teacher.ts';
import { codeVersion } from '../code-version.ts';
import type { EdgeHistory } from './edge-history.ts';
import { EDGE_VARIANTS, type EdgeVariant } from './edge-variants.ts';
import { openFinishedFigures } from './finished-figures.ts';
import { type EdgeFigures, measureVariant } from './measure-variant.ts';

export interface EdgeMeasurement extends EdgeFigures {
  readonly variant: string;
  /** The teacher's kind. */
  readonly network: TeacherKind;
  readonly seed: number;
}

export interface MeasureEdgesOptions {
  /** The history of a seed, which may be another one or only another split. */
  historyOf(seed: number): EdgeHistory | Promise<EdgeHistory>;
  readonly seeds: readonly number[];
  /** @default {['gcn']} */
  readonly networks?: readonly TeacherKind[] | undefined;
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
 * @returns by seed, then by network, then by variant.
 * @throws the signal's reason when aborted; what was finished is kept.
 */
export async function measureEdges(options: MeasureEdgesOptions): Promise<EdgeMeasurement[]> {
  const { seeds, networks = ['gcn'], variants = EDGE_VARIANTS } = options;
  const { dir, fresh = false, signal } = options;
  const version = codeVersion();
  const measured: EdgeMeasurement[] = [];
  for (const seed of seeds) {
    signal?.throwIfAborted();
    const history = await options.historyOf(seed);
    for (const network of networks) {
      const finished = openFinishedFigures({ dir, history, network, seed, codeVersion: version });
      for (const variant of variants) {
        const known = fresh ? undefined : await finished.find(variant);
        const figures =
          known ?? (await measureVariant({ history, variant, network, seed, signal }));
        if (known === undefined) await finished.keep(variant, figures);
        const measurement = { variant: variant.name, network, seed, ...figures };
        measured.push(measurement);
        options.onMeasured?.(measurement);
      }
    }
  }
  return measured;
}
