// Which nodes may be mixed with which: rules that plant data have and a table does not.
import { InputError } from '@dandan/shared/error';
import type { NodePlaces } from '../../graph/graph-data.ts';

export const MIXUP_PARTNERS = ['any', 'plant'] as const;
/** `any`: whichever, as published. `plant`: windows of machines of the same kind. */
export type MixupPartners = (typeof MIXUP_PARTNERS)[number];

export const MIXUP_ROWS = ['labelled', 'taught'] as const;
/**
 * What is mixed. `labelled`: labelled nodes and their labels, as published. `taught`: every node
 * that a student learns from, and what the teacher says of it.
 */
export type MixupRows = (typeof MIXUP_ROWS)[number];

export interface PartnerRules {
  /** Where the nodes lie. */
  readonly places?: NodePlaces | undefined;
  /** Only windows of machines of one kind; needs places. @default {false} */
  readonly sameKind?: boolean | undefined;
  /**
   * Only windows of one asset in one run, at most so far apart; needs places.
   * @default {at any time, in any run}
   */
  readonly withinMs?: number | undefined;
  /** Per class those that exclude it. @default {none} */
  readonly excludes?: readonly (readonly number[])[] | undefined;
}

function refuse(message: string, value: string, allowed: string): never {
  throw new InputError('option-invalid', message, { field: 'exclusiveClasses', value, allowed });
}

/**
 * Per class, ascending, the classes that stand beside it in a list of states that exclude each
 * other.
 *
 * @throws {InputError} `option-invalid` for a class that there is not, and for a list that
 * excludes nothing.
 */
export function excludedBy(
  classes: readonly string[],
  exclusive: readonly (readonly string[])[],
): number[][] {
  for (const list of exclusive) {
    const unknown = list.find((name) => !classes.includes(name));
    if (unknown !== undefined)
      refuse(`There is no class '${unknown}'`, unknown, classes.join(', '));
    if (new Set(list).size < 2) {
      refuse(
        'States that exclude each other are at least two',
        list.join('/'),
        'two classes or more',
      );
    }
  }
  return classes.map((own) => {
    const others = exclusive.filter((list) => list.includes(own)).flat();
    return classes.flatMap((name, c) => (name !== own && others.includes(name) ? [c] : []));
  });
}

/**
 * Smallest step between two windows of one asset in one run, milliseconds: the stride of its
 * rows; `undefined` where no asset has two.
 */
export function windowStep({ asset, run, time }: NodePlaces): number | undefined {
  const order = Int32Array.from(time.keys()).sort(
    (a, b) => run[a] - run[b] || asset[a] - asset[b] || time[a] - time[b],
  );
  let step: number | undefined;
  for (let i = 1; i < order.length; i++) {
    const [a, b] = [order[i - 1], order[i]];
    const apart = time[b] - time[a];
    if (run[a] !== run[b] || asset[a] !== asset[b] || apart <= 0) continue;
    step = step === undefined ? apart : Math.min(step, apart);
  }
  return step;
}
