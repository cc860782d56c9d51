// The first operator key of an edge on one's own server: given, or made at the first start.
import { randomBytes } from 'node:crypto';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { MIN_OPERATOR_KEY_LENGTH } from '../auth/operator-key-length.ts';
import { ServeError } from './serve-error.ts';

export interface OperatorKey {
  readonly key: string;
  /** In words, without the key. */
  readonly from: string;
}

export interface OperatorKeyOptions {
  /** That of the environment; wins. */
  readonly given: string | undefined;
  /** A file named on the command line; wins over the data folder's. */
  readonly file: string | undefined;
  /** Read, or made with mode 0600. */
  readonly ownFile: string;
}

function checked(key: string, from: string): OperatorKey {
  if (key.length >= MIN_OPERATOR_KEY_LENGTH && /^[\x21-\x7e]{1,256}$/.test(key)) {
    return { key, from };
  }
  throw new ServeError(
    'key-unusable',
    `The operator key of ${from} has ${key.length} characters or some that no header takes`,
    `give it ${MIN_OPERATOR_KEY_LENGTH} to 256 visible ASCII characters: openssl rand -base64 32`,
  );
}

function readKey(file: string): OperatorKey {
  let text: string;
  try {
    text = readFileSync(file, 'utf8').trim();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const fix = 'name a file that this user may read';
    throw new ServeError(
      'key-unusable',
      `The key file ${file} cannot be read: ${code}`,
      fix,
      error,
    );
  }
  const open = (statSync(file).mode & 0o077) !== 0;
  const made = checked(text, file);
  return open ? { ...made, from: `${file}, which others may read: chmod 600 it` } : made;
}

/** @throws {ServeError} `key-unusable`. */
export function findOperatorKey({ given, file, ownFile }: OperatorKeyOptions): OperatorKey {
  if (given) return checked(given, 'OPERATOR_KEY');
  if (file !== undefined) return readKey(file);
  try {
    // Never over one that is there: gateways' keys were made with it.
    const made = randomBytes(32).toString('base64url');
    writeFileSync(ownFile, `${made}\n`, { mode: 0o600, flag: 'wx' });
    return { key: made, from: `${ownFile}, made now` };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return readKey(ownFile);
  }
}
