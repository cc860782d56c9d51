// Fields that several sections of the configuration share.
import { checkTopicLevel } from '@dandan/shared/wire';
import * as z from 'zod';

export const topicLevel = z.string().refine((name) => {
  try {
    checkTopicLevel('name', name);
    return true;
  } catch {
    return false;
  }
}, 'letters, digits, _ . : - (1..64)');

export const milliseconds = (limit: number) => z.int().min(0).max(limit);

/** Relative ones start at the folder of the configuration file. */
export const path = z.string().min(1).max(4096);

export const environmentName = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'the name of an environment variable');

export const sha256 = z.string().regex(/^[0-9a-f]{64}$/, '64 lower-case hex digits');

/** A URL of one of `protocols` (with their colon), without credentials. */
export function url(protocols: readonly string[]) {
  return z.string().superRefine((text, context) => {
    const issue = (message: string) => context.addIssue({ code: 'custom', message });
    const allowed = `a URL that starts with ${protocols.join('// or ')}//`;
    if (!URL.canParse(text)) return issue(allowed);
    const { protocol, username, password } = new URL(text);
    if (!protocols.includes(protocol)) issue(allowed);
    if (username !== '' || password !== '') {
      issue('a URL without credentials; name them by username, passwordEnv or keyEnv');
    }
  });
}

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/** Base URL of an edge. */
export const edgeUrl = url(['https:', 'http:']).refine(
  (text) =>
    !URL.canParse(text) ||
    new URL(text).protocol !== 'http:' ||
    LOOPBACK.test(new URL(text).hostname),
  'https://, or http:// to this machine only: the key would travel in the clear',
);
