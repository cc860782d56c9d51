// `AugmentedInput` where a step reads all rows at once.
import type { FloatRows } from '@dandan/shared/kernel';
import { constant } from '../../autodiff/index.ts';
import { rowsAt } from '../../network/rows-at.ts';
import { createStudent, type StudentOptions } from '../../student/student.ts';
import type { AugmentedStudents } from '../student-training.ts';
import type { AugmentedInput } from './augmented-input.ts';

export interface AugmentedStudentsOptions {
  readonly input: AugmentedInput;
  readonly network: Omit<StudentOptions, 'features' | 'previous'>;
  /** X of all nodes. */
  readonly rows: FloatRows;
  readonly train: Int32Array;
}

export function augmentedStudents(options: AugmentedStudentsOptions): AugmentedStudents {
  const { input, network, rows, train } = options;
  const { count, width, values } = rows;
  const labelled = rowsAt(values, width, train);
  const all = input(constant(values, [count, width]), 'all');
  const few = input(constant(labelled, [train.length, width]), 'labelled');
  return {
    student: createStudent({ ...network, ...all }),
    labelledStudent: createStudent({ ...network, ...few }),
    feeds: (random) => ({ ...all.feeds(random), ...few.feeds(random) }),
  };
}
