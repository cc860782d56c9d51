// Which nodes a run's mixup pairs: its choices on the graph at hand.
import { InputError } from '@dandan/shared/error';
import type { MixupPairing } from '../distill/partners/pairing.ts';
import { excludedBy, windowStep } from '../distill/partners/partner-rules.ts';
import type { GraphData } from '../graph/graph-data.ts';
import type { MixupPairs } from './train-options.ts';

function refuse(field: string, value: string | number, allowed: string): never {
  throw new InputError(
    'option-invalid',
    'These nodes are of no plant: nobody knows their machines',
    {
      field,
      value,
      allowed,
    },
  );
}

/**
 * @returns `undefined` where nothing was chosen.
 * @throws {InputError} `option-invalid` for rules that need a plant where there is none, and for
 * classes that there are not.
 */
export function mixupPairing(
  { places, classes }: Pick<GraphData, 'places' | 'classes'>,
  pairs: MixupPairs | undefined,
): MixupPairing | undefined {
  if (!pairs) return undefined;
  const { partners, rows, windows, exclusive } = pairs;
  if (!places && partners === 'plant') refuse('mixupPartners', partners, 'any');
  if (!places && windows > 0) refuse('mixupWindows', windows, '0');
  if (partners === 'any' && windows === 0 && exclusive.length === 0) return { rows };
  const step = windows > 0 && places ? (windowStep(places) ?? 0) : undefined;
  return {
    rows,
    rules: {
      places,
      sameKind: partners === 'plant',
      ...(step !== undefined && { withinMs: windows * step }),
      ...(exclusive.length > 0 && { excludes: excludedBy(classes, exclusive) }),
    },
  };
}
