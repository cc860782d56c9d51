// A bundle named on the command line.
import { readFile } from 'node:fs/promises';
import { InputError } from '@dandan/shared/error';

/** @throws {InputError} `data-missing`. */
export async function readBundleFile(path: string): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return new Uint8Array(await readFile(path));
  } catch (cause) {
    throw new InputError('data-missing', `Cannot read '${path}'`, {
      field: '--bundle',
      value: path,
      allowed: 'a bundle that train wrote',
      cause,
    });
  }
}
