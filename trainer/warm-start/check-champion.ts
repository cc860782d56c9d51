// Whether students may start from a bundle: the same network over the same columns and classes.
import type { Bundle } from '@dandan/shared/bundle';
import { InputError } from '@dandan/shared/error';
import { columnNames } from '@dandan/shared/features';
import type { GraphData } from '../graph/graph-data.ts';
import type { TrainOptions } from '../run/train-options.ts';

export interface CheckChampionOptions {
  readonly champion: Bundle;
  readonly graph: Pick<GraphData, 'classes' | 'featureSpec' | 'features'>;
  readonly options: Pick<TrainOptions, 'structure' | 'widths' | 'hiddenLayers' | 'positions'>;
  /** Option that named the champion. @default {'--warm-start'} */
  readonly field?: '--warm-start' | '--champion';
}

const WAY_OUT = {
  '--warm-start': 'or a run without --warm-start',
  '--champion': 'or a new model by dandan train and dandan push',
} as const;

/** Hidden units after each stage, as `TrainOptions.widths` counts them. */
function widthsOf({ manifest, stages }: Bundle): number[] {
  let before = 0;
  return stages.map(({ hidden }) => {
    const own = hidden[hidden.length - 1].outputs;
    before = manifest.structure === 'paper' ? own : before + own;
    return before;
  });
}

const list = (values: readonly unknown[]) =>
  values.length > 8 ? `${values.slice(0, 8).join(', ')}, … (${values.length})` : values.join(', ');

/**
 * @throws {InputError} `option-invalid` naming what differs: weights of another network, or of columns
 * or classes that mean something else, would be worse than a fresh start.
 */
export function checkChampion(given: CheckChampionOptions): void {
  const { champion, graph, options, field = '--warm-start' } = given;
  const { manifest, stages } = champion;
  const names = columnNames(manifest.features);
  const own = columnNames(graph.featureSpec);
  const pairs: readonly (readonly [string, readonly unknown[], readonly unknown[]])[] = [
    ['classes', manifest.classes, graph.classes],
    ['structure', [manifest.structure], [options.structure]],
    ['widths', widthsOf(champion), options.widths],
    ['hidden layers', [stages[0].hidden.length], [options.hiddenLayers]],
    ['kind of rows', [manifest.features.kind], [graph.featureSpec.kind]],
    // A place in one graph is another place in the next: such columns have no lasting meaning.
    ['positions', [names.length - own.length], [0]],
    ['columns', names, own],
    ['sparse rows', [manifest.input.sparse], [graph.features.kind === 'sparse']],
  ];
  for (const [what, before, now] of pairs) {
    if (JSON.stringify(before) === JSON.stringify(now)) continue;
    throw new InputError('option-invalid', `The champion has other ${what} than this run`, {
      field,
      value: list(before),
      allowed: `${list(now)}; ${WAY_OUT[field]}`,
    });
  }
}
