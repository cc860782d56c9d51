// The key that signs releases, in a file that only its owner can read.
import { createPrivateKey } from 'node:crypto';
import { mkdir, open, readFile, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { InputError } from '@dandan/shared/error';
import {
  createSigningKey,
  exportPrivateKey,
  importSigningKey,
  type SigningKey,
} from '@dandan/shared/release';

/** Environment variable that names the file. */
export const SIGNING_KEY_VARIABLE = 'DANDAN_SIGNING_KEY';

/** An Ed25519 key in PEM has 119 bytes; nothing longer is read. */
const MAX_PEM_BYTES = 4096;

/** Permissions of group and others. */
const NOT_OWNER = 0o077;

/** Where the key lies unless an option says otherwise: as XDG has it. */
export function defaultSigningKeyFile(env: NodeJS.ProcessEnv = process.env): string {
  const named = env[SIGNING_KEY_VARIABLE];
  if (named) return named;
  return join(env.XDG_CONFIG_HOME || join(homedir(), '.config'), 'dandan', 'signing-key.pem');
}

const isMissing = (error: unknown) => (error as NodeJS.ErrnoException).code === 'ENOENT';

/**
 * Reads a key, PKCS #8 in PEM; `undefined` where there is no file.
 *
 * @throws {InputError} `signing-key-invalid`, `option-invalid` where others may read the file.
 */
export async function readSigningKey(file: string): Promise<SigningKey | undefined> {
  let pem: string;
  try {
    const { mode, size } = await stat(file);
    if ((mode & NOT_OWNER) !== 0 && process.platform !== 'win32') {
      throw new InputError('option-invalid', `Others may read the signing key '${file}'`, {
        field: '--signing-key',
        value: `mode ${(mode & 0o777).toString(8)}`,
        allowed: `mode 600: chmod 600 ${file}`,
      });
    }
    pem = size > MAX_PEM_BYTES ? '' : await readFile(file, 'utf8');
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
  return importSigningKey(derOf(pem));
}

/** Empty where the text is no PEM, which `importSigningKey` refuses. */
function derOf(pem: string): Uint8Array<ArrayBuffer> {
  try {
    return new Uint8Array(createPrivateKey(pem).export({ type: 'pkcs8', format: 'der' }));
  } catch {
    return new Uint8Array();
  }
}

/**
 * Makes a key in a new file, which is never written over.
 *
 * @throws {InputError} `output-unwritable`.
 */
export async function createSigningKeyFile(file: string): Promise<SigningKey> {
  const key = await createSigningKey();
  const der = Buffer.from(await exportPrivateKey(key));
  const pem = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }).export({
    type: 'pkcs8',
    format: 'pem',
  });
  try {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    await using handle = await open(file, 'wx', 0o600);
    await handle.writeFile(pem);
    await handle.sync();
  } catch (cause) {
    throw new InputError('output-unwritable', `Cannot write the signing key '${file}'`, {
      field: '--signing-key',
      value: file,
      allowed: 'a file that does not exist yet, in a folder that can be written',
      cause,
    });
  }
  return key;
}
