// The private half of a site's key, in a file that only its owner can read.
import { mkdir, open, readFile, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { InputError } from '@dandan/shared/error';
import { createSiteKey, importSiteKey, type SiteKey } from './site-key.ts';

/** PKCS #8 of X25519 has 48 bytes; nothing much longer is read. */
const MAX_KEY_BYTES = 128;

/** Permissions of group and others. */
const NOT_OWNER = 0o077;

/**
 * Makes a key in a new file, which is never written over.
 *
 * @throws {InputError} `output-unwritable`.
 */
export async function createSiteKeyFile(file: string): Promise<SiteKey> {
  const { key, pkcs8 } = await createSiteKey();
  try {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    await using handle = await open(file, 'wx', 0o600);
    await handle.writeFile(pkcs8);
    await handle.sync();
  } catch (cause) {
    throw new InputError('output-unwritable', `Cannot write the key '${file}'`, {
      field: '--key',
      value: file,
      allowed: 'a file that does not exist yet, in a folder that can be written',
      cause,
    });
  }
  return key;
}

/**
 * @throws {InputError} `data-missing`, `signing-key-invalid`; `option-invalid` where others may read
 * the file.
 */
export async function readSiteKey(file: string): Promise<SiteKey> {
  let bytes: Uint8Array<ArrayBuffer>;
  try {
    const { mode, size } = await stat(file);
    if ((mode & NOT_OWNER) !== 0 && process.platform !== 'win32') {
      throw new InputError('option-invalid', `Others may read the key '${file}'`, {
        field: '--key',
        value: `mode ${(mode & 0o777).toString(8)}`,
        allowed: `mode 600: chmod 600 ${file}`,
      });
    }
    bytes = size > MAX_KEY_BYTES ? new Uint8Array() : new Uint8Array(await readFile(file));
  } catch (cause) {
    if (cause instanceof InputError) throw cause;
    throw new InputError('data-missing', `Cannot read '${file}'`, { field: '--key', cause });
  }
  return importSiteKey(bytes);
}
