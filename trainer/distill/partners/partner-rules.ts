// Which nodes may be mixed with which: rules that plant data have and a table does not.
import { InputError } from '@dandan/shared/error';
import type { NodePlaces } from '../../graph/graph-data.ts';

export const MIXUP_PARTNERS = ['any', 'plant'] as const;
/** `any`: all labelled nodes, as published. `plant`: windows of machines of the same kind. */
export type MixupPartners = (typeof MIXUP_PARTNERS)[number];

export const MIXUP_ROWS = ['labelled', 'taught'] as const;
/**
 * What is mixed. `labelled`: labelled nodes and their labels, as published. `taught`: every node
 * that a student learns from, and what the teacher says of it.
 */
export type MixupRows = (typeof MIXUP_ROWS)[number];

export const MIXUP_WINDOWS = ['prefer', 'require'] as const;
/** `prefer`: a partner further away in time where none is near. `require`: none then. */
export type MixupWindow = (typeof MIXUP_WINDOWS)[number];

export interface PartnerRules {
  /** Where the nodes lie; with it, only machines of one kind are mixed. */
  readonly places?: NodePlaces | undefined;
  /** States that exclude each other: groups of classes, int32 [classes], −1 for no group. */
  readonly groupOf?: Int32Array | undefined;
  /** Partners at most so far apart in time, in the same run; 0: at any time in any run. @default {0} */
  readonly windowMs?: number | undefined;
  /** @default {'prefer'} */
  readonly window?: MixupWindow | undefined;
}

function refuse(message: string, value: string, allowed: string): never {
  throw new InputError('option-invalid', message, { field: 'exclusiveClasses', value, allowed });
}

/**
 * Group of every class, −1 where a class stands in none.
 *
 * @throws {InputError} `option-invalid` for a class that there is not, or that stands in two groups.
 */
export function groupsOf(
  classes: readonly string[],
  exclusive: readonly (readonly string[])[],
): Int32Array {
  const named = exclusive.flat();
  for (const [index, name] of named.entries()) {
    if (!classes.includes(name)) refuse(`There is no class '${name}'`, name, classes.join(', '));
    if (named.indexOf(name) !== index) {
      refuse(`Class '${name}' stands in two groups`, name, 'every class at most once');
    }
  }
  return Int32Array.from(classes, (name) => exclusive.findIndex((group) => group.includes(name)));
}
