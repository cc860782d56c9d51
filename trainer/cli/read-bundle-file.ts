// A bundle named on the command line.
import { readFile, stat } from 'node:fs/promises';
import { MAX_BUNDLE_BYTES } from '@dandan/shared/bundle';
import { InputError } from '@dandan/shared/error';

/**
 * Reads a bundle file whose size is checked first.
 *
 * @throws {InputError} `data-missing` or `bundle-too-large`.
 */
export async function readBundleFile(path: string): Promise<Uint8Array<ArrayBuffer>> {
  try {
    const { size } = await stat(path);
    if (size > MAX_BUNDLE_BYTES) {
      throw new InputError('bundle-too-large', `'${path}' has ${size} bytes`, {
        field: '--bundle',
        value: size,
        allowed: `at most ${MAX_BUNDLE_BYTES} bytes`,
      });
    }
    return new Uint8Array(await readFile(path));
  } catch (cause) {
    if (cause instanceof InputError) throw cause;
    throw new InputError('data-missing', `Cannot read '${path}'`, {
      field: '--bundle',
      value: path,
      allowed: 'a bundle that train wrote',
      cause,
    });
  }
}
