// The classes of a project, in the order of the answers.
import { nameClasses } from '../../data/name-classes.ts';
import type { LabelInterval } from '../label-interval.ts';
import type { PlantProject } from '../project/schema.ts';

/**
 * Those that the project lists, or else those of the labels: whole numbers by value, others by
 * code unit.
 */
export function classNames(
  { classes, labels }: Pick<PlantProject, 'classes' | 'labels'>,
  intervals: readonly LabelInterval[],
): readonly string[] {
  if (classes !== undefined) return classes;
  const { otherwise } = labels;
  const named = intervals.map((interval) => interval.class);
  const texts = new Set([...named, ...(otherwise === undefined ? [] : [otherwise])]);
  return nameClasses([...texts], undefined).classes;
}
