// Whether the model can be loaded, and by whom a new one would have to be signed.
import { readFile } from 'node:fs/promises';
import type { LocalModel } from '../../models/cascade/index.ts';
import { CheckFailure, type Finding } from '../check-failure.ts';

/** What is wrong with the file of trusted signing keys, `undefined` where all is well. */
async function keysProblem(file: string): Promise<string | undefined> {
  try {
    const { signingKeys } = JSON.parse(await readFile(file, 'utf8'));
    return Array.isArray(signingKeys) && signingKeys.length > 0 ? undefined : 'holds no key';
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'is missing' : 'cannot be read';
  }
}

export interface BundleCheckOptions {
  /** @throws {InputError} for a bundle that cannot run here. */
  readonly load: () => Promise<readonly LocalModel[]>;
  /** Written by `enrol`; `undefined` where the gateway takes no releases. */
  readonly signingKeysFile: string | undefined;
}

/** @throws {CheckFailure | InputError} */
export async function checkBundle(options: BundleCheckOptions): Promise<Finding> {
  const { load, signingKeysFile } = options;
  const loaded = await load();
  const words = loaded.map(({ name, sha256, stages, cascade }) => {
    const total = cascade.manifest.stages.length;
    return `${name} ${sha256.slice(0, 12)}, runs ${stages} of ${total} stages here`;
  });
  const detail = words.join('; ') || 'all models come from the edge';
  if (signingKeysFile === undefined) return { detail };
  const problem = await keysProblem(signingKeysFile);
  if (problem === undefined) return { detail };
  throw new CheckFailure(
    `${signingKeysFile} ${problem}: no release could be checked`,
    'enrol the gateway again (dandan-gateway enrol), or copy the file from its backup',
  );
}
