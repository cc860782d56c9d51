// What a training run leaves in its folder: the bundle, its figures, and the answers it is
// compared with.
import { join, resolve } from 'node:path';
import { ANSWERS_FILE, writeAnswers } from './answers/answers-file.ts';
import type { TrainRunResult } from './train-run.ts';
import { writeFileAtomic } from './write-file-atomic.ts';

export const BUNDLE_FILE = 'bundle.safetensors';
export const FIGURES_FILE = 'figures.json';

/**
 * @param data see `AnswersOrigin`.
 * @throws {InputError} `output-unwritable`.
 */
export async function writeRun(
  folder: string,
  { bytes, figures, answers }: TrainRunResult,
  data: string,
): Promise<void> {
  const origin = { data, bundle: figures.bundle };
  await writeFileAtomic(join(folder, ANSWERS_FILE), writeAnswers({ origin, answers }));
  await writeFileAtomic(join(folder, BUNDLE_FILE), bytes);
  await writeFileAtomic(join(folder, FIGURES_FILE), `${JSON.stringify(figures, null, 2)}\n`);
}

/** What `--data` says, so that another working directory finds it: a word stays a word. */
export const dataOrigin = (data: string, word: string): string =>
  data === word ? data : resolve(data);
