// What trials leave on disk between rungs. Trials whose teachers agree share one.
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { sha256Hex } from '@dandan/shared/bundle';
import { type Checkpoint, folderCheckpoint } from '../run/checkpoint.ts';
import type { TrainOptions } from '../run/train-options.ts';

/** Choices that a teacher cannot feel; every other, also one added later, makes another teacher. */
const STUDENT_ONLY: readonly (keyof TrainOptions)[] = [
  'structure',
  'widths',
  'hiddenLayers',
  'targets',
  'propagation',
  'positions',
  'inputDropout',
  'dropout',
  'averaging',
  'gatekeeper',
  'student',
  'mixupSign',
  'mixupInitial',
  'mixupGamma',
  'mixupPairs',
  'augmentation',
  'alpha',
  'worstClass',
  'escalation',
  'delta',
];

/** Enough of a SHA-256 to tell the teachers of a search apart. */
const NAME_DIGITS = 16;

/** Names the teacher that `options` ask for. */
export function teacherName(options: TrainOptions): Promise<string> {
  const felt = Object.entries(options).filter(
    ([name]) => !STUDENT_ONLY.includes(name as keyof TrainOptions),
  );
  return sha256Hex(new TextEncoder().encode(JSON.stringify(felt.sort())));
}

const trialFolder = (folder: string, trial: number) => join(folder, `trial-${trial}`);

export interface TrialCheckpointOptions {
  /** Of the search. */
  readonly folder: string;
  /** Of the search: data, code, everything the options do not say. */
  readonly key: string;
  /** `undefined` for a teacher trained ahead of its trials. */
  readonly trial: number | undefined;
  /** Of the whole run, with all its stages. */
  readonly options: TrainOptions;
}

export async function trialCheckpoint(of: TrialCheckpointOptions): Promise<Checkpoint> {
  const { folder, key, trial, options } = of;
  const name = await teacherName(options);
  const teacher = folderCheckpoint(
    join(folder, `teacher-${name.slice(0, NAME_DIGITS)}`),
    key + name,
  );
  if (trial === undefined) return teacher;
  const own = folderCheckpoint(
    join(trialFolder(folder, trial), `seed-${options.seed}`),
    key + JSON.stringify(options),
  );
  const holding = (phase: string) => (phase === 'teacher' ? teacher : own);
  return {
    load: (phase) => holding(phase).load(phase),
    save: (phase, result) => holding(phase).save(phase, result),
    clear: () => own.clear(),
  };
}

/** Frees the space of a trial that does not go on. */
export const forgetTrial = (folder: string, trial: number): Promise<void> =>
  rm(trialFolder(folder, trial), { recursive: true, force: true });

/** Frees the space of a whole search. */
export const clearTrials = (folder: string): Promise<void> =>
  rm(folder, { recursive: true, force: true });
