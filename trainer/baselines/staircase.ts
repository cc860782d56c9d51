// What the students of a cascade cost, by structure.
import type { TrainOptions } from '../run/train-options.ts';
import type { TrainedStudents } from './measure-students.ts';
import { type StaircaseMethod, structureOf, type TrainedCascade } from './train-cascade.ts';

export function staircaseOf(
  { stages, widths, running }: TrainedCascade,
  method: StaircaseMethod,
  { hiddenLayers }: Pick<TrainOptions, 'hiddenLayers'>,
): TrainedStudents {
  const structure = structureOf(method);
  const students = stages.map(({ logits, epochs }, k) => {
    const before = k === 0 ? 0 : widths[k - 1];
    const own = widths[k] - (structure === 'paper' ? 0 : before);
    const additive = structure === 'additive';
    return {
      logits,
      epochs,
      reads: additive ? 0 : before,
      widths: Array<number>(hiddenLayers).fill(own),
      headInputs: additive ? own : widths[k],
    };
  });
  return { students, running };
}
