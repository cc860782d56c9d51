// The embedded plant: machines in lines, five faults, whole shifts held back.
import { plantShifts } from '../../plant/index.ts';
import type { WorkedCase } from '../worked-case.ts';

export const plantCase: WorkedCase = {
  name: 'plant',
  title: 'The embedded plant: five faults along two lines',
  protocol:
    'Twelve shifts of two lines of six machines; whole shifts go to training, validation, calibration and test. Labels of each class from the training shifts, as many more for early stopping, everything else unlabelled. Every seed is a plant of its own.',
  data: undefined,
  labels: [5, 10, 20, 'all'],
  options: {},
  splitOf: (labels) =>
    labels === 'all'
      ? { labelsPerClass: undefined, validationPerClass: undefined }
      : { labelsPerClass: labels, validationPerClass: labels },
  async open() {
    return { nodesOf: plantShifts };
  },
};
