// What `dandan train` leaves in its folder, read again: bundle, figures and answers of one run.
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type Bundle, MAX_BUNDLE_BYTES, readBundle, sha256Hex } from '@dandan/shared/bundle';
import { InputError } from '@dandan/shared/error';
import {
  ANSWERS_FILE,
  type AnswersFile,
  MAX_ANSWERS_BYTES,
  readAnswers,
} from '../../run/answers/answers-file.ts';
import { BUNDLE_FILE } from '../../run/write-run.ts';

export interface RunFiles {
  readonly bundle: Bundle;
  readonly sha256: string;
  /** Size of the bundle. */
  readonly bytes: number;
  readonly answers: AnswersFile;
}

/** Folders of runs, where `folder` holds several. */
async function runsIn(folder: string): Promise<string[]> {
  try {
    const names = await readdir(folder);
    return names.filter((name) => /^seed-\d+$/.test(name)).sort();
  } catch {
    return [];
  }
}

async function readLimited(folder: string, name: string, limit: number) {
  const path = join(folder, name);
  try {
    const { size } = await stat(path);
    if (size <= limit) return new Uint8Array(await readFile(path));
    throw new InputError('data-invalid', `'${path}' has ${size} bytes`, {
      field: name,
      value: size,
      allowed: `at most ${limit} bytes`,
    });
  } catch (cause) {
    if (cause instanceof InputError) throw cause;
    return undefined;
  }
}

/** @throws {InputError} `data-missing` saying what to do, `data-invalid` or a bundle's codes. */
export async function readRun(folder: string): Promise<RunFiles> {
  const bytes = await readLimited(folder, BUNDLE_FILE, MAX_BUNDLE_BYTES);
  if (bytes === undefined) {
    const [seed] = await runsIn(folder);
    throw new InputError('data-missing', `No ${BUNDLE_FILE} in '${folder}'`, {
      field: '--run',
      value: folder,
      allowed:
        seed === undefined
          ? 'the folder that train --out wrote'
          : `one run of several, such as ${join(folder, seed)}`,
    });
  }
  const kept = await readLimited(folder, ANSWERS_FILE, MAX_ANSWERS_BYTES);
  if (kept === undefined) {
    throw new InputError('data-missing', `No ${ANSWERS_FILE} in '${folder}'`, {
      field: '--run',
      value: folder,
      allowed:
        'a run that kept the answers of its teacher and MLPs: an older train did not; run it again, the same seed gives the same bundle',
    });
  }
  const [bundle, sha256, answers] = [
    await readBundle(bytes),
    await sha256Hex(bytes),
    readAnswers(kept),
  ];
  if (answers.origin.bundle !== sha256) {
    throw new InputError(
      'data-invalid',
      `${ANSWERS_FILE} is of another bundle than ${BUNDLE_FILE}`,
      {
        field: ANSWERS_FILE,
        value: answers.origin.bundle,
        allowed: `${sha256}: the files that one run left`,
      },
    );
  }
  return { bundle, sha256, bytes: bytes.length, answers };
}
