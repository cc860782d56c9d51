// `dandan-gateway rotate-key`: a new key in the place of the old one, which works for an hour more.

import { open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { InputError } from '@dandan/shared/error';
import { problemSchema } from '@dandan/shared/wire';
import * as z from 'zod';
import { keyText } from '../uplink/key/index.ts';
import { CHECK_TIMEOUT_MS } from './check-failure.ts';
import { EXIT, type Streams } from './output.ts';
import { readUpdateSettings } from './update-settings.ts';

export interface RotateKeyOptions {
  readonly config: string;
  readonly json: boolean;
}

/** What a header takes without escaping. */
const newKeySchema = z.object({ key: z.string().regex(/^[\x21-\x7e]{1,512}$/) });

async function send(edge: string, path: string, key: string, init: RequestInit = {}) {
  const url = new URL(path, edge.endsWith('/') ? edge : `${edge}/`);
  return fetch(url, {
    ...init,
    headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
    redirect: 'error',
    signal: AbortSignal.timeout(CHECK_TIMEOUT_MS),
  }).catch((cause: unknown) => {
    throw new InputError('edge-unreachable', `No answer from ${edge}`, {
      field: 'edge.url',
      value: edge,
      allowed: 'the base URL of a running edge',
      cause,
    });
  });
}

async function works(edge: string, key: string): Promise<boolean> {
  const response = await send(edge, 'v1/models', key);
  await response.body?.cancel();
  return response.ok;
}

async function makeSuccessor(edge: string, key: string): Promise<string> {
  const response = await send(edge, 'v1/keys/self/rotate', key, { method: 'POST', body: '{}' });
  const answer: unknown = await response.json().catch(() => undefined);
  const made = newKeySchema.safeParse(answer);
  if (response.ok && made.success) return made.data.key;
  const { data: problem } = problemSchema.safeParse(answer);
  const reason = problem ? `${problem.detail} (${problem.code})` : `HTTP ${response.status}`;
  throw new InputError('edge-refused', `The edge refused: ${reason}`, {
    field: problem?.field ?? 'edge.url',
    allowed: problem?.allowed ?? 'an edge that knows the key in edge.keyFile',
  });
}

/** The key of a try that did not come to its end; the edge shows a key only once. */
async function leftBehind(file: string): Promise<string | undefined> {
  const text = await readFile(file, 'utf8').catch(() => '');
  return text.trim() === '' ? undefined : text.trim();
}

async function keep(file: string, key: string): Promise<void> {
  await using handle = await open(file, 'w', 0o600);
  await handle.writeFile(`${key}\n`);
  await handle.sync();
}

/**
 * The file changes only when the new key has worked. A gateway that runs reads it when the edge
 * refuses the old one.
 *
 * @returns the exit code. @throws {InputError}
 */
export async function rotateKey(options: RotateKeyOptions, { out }: Streams): Promise<number> {
  const { keyFile, parts } = await readUpdateSettings(options.config);
  const { url, key } = parts.edge;
  if (keyFile === undefined) {
    throw new InputError('config-invalid', 'The key stands in no file that could be changed', {
      field: 'edge.keyFile',
      allowed: 'a file that holds the key; a key in an environment variable is changed there',
    });
  }
  const newFile = `${keyFile}.new`;
  let next = await leftBehind(newFile);
  if (next === undefined || !(await works(url, next))) {
    try {
      // Before the edge makes a key: a folder that cannot be written costs none.
      await keep(newFile, '');
    } catch (cause) {
      throw new InputError('output-unwritable', `Cannot write '${newFile}'`, {
        field: 'edge.keyFile',
        value: newFile,
        allowed: 'a file in a folder that can be written',
        cause,
      });
    }
    try {
      next = await makeSuccessor(url, keyText(key));
    } catch (error) {
      await rm(newFile, { force: true });
      throw error;
    }
    await keep(newFile, next);
    if (!(await works(url, next))) {
      throw new InputError('edge-refused', 'The edge does not take the new key yet', {
        field: 'edge.keyFile',
        value: newFile,
        allowed: 'the old key goes on; run the command again, which tries the new one first',
      });
    }
  }
  await rename(newFile, keyFile);
  await using folder = await open(dirname(keyFile), 'r');
  await folder.sync();
  out(`The new key is in ${keyFile}; the old one works for an hour more.\n`);
  if (options.json) out(`${JSON.stringify({ keyFile })}\n`);
  return EXIT.ok;
}
