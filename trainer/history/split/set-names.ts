// What the windows of a history are for.
import { InputError } from '@dandan/shared/error';
import type { SplitChoices } from '../project/index.ts';

/** Most wanted first: of two blocks with a rare class the first is learnt from, the second tested. */
export const SET_NAMES = ['train', 'test', 'validation', 'calibration'] as const;

export type SetName = (typeof SET_NAMES)[number];

/** Sets that training must not see. */
export const HIDDEN_SETS: readonly SetName[] = ['test', 'calibration'];

export type SetWeights = Readonly<Record<SetName, number>>;

/**
 * Share of each set.
 *
 * @throws {InputError} `option-invalid` where nothing is left to learn from.
 */
export function setWeights({ validation, calibration, test }: SplitChoices): SetWeights {
  const held = validation + calibration + test;
  // Rounded, so that 0.3 + 0.3 + 0.4 is 1.
  const train = Math.round((1 - held) * 1e9) / 1e9;
  if (train > 0) return { train, validation, calibration, test };
  throw new InputError('option-invalid', 'Nothing is left to learn from', {
    field: 'split.validation + split.calibration + split.test',
    value: held,
    allowed: 'less than 1',
  });
}
