// `dandan-gateway enrol`: changes a one-time code into the gateway's key, kept in a file.
import { mkdir, open, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { InputError } from '@dandan/shared/error';
import { problemSchema } from '@dandan/shared/wire';
import * as z from 'zod';
import { CHECK_TIMEOUT_MS } from './check-failure.ts';
import { EXIT, type Streams } from './output.ts';

export interface EnrolOptions {
  readonly edge: string;
  readonly keyFile: string;
  /** Asked for where it is not given. */
  readonly code?: string;
  readonly json: boolean;
}

/** What the gateway trusts and goes by from now on. */
const enrolledSchema = z.object({
  device: z.string(),
  id: z.string(),
  key: z.string(),
  signingKeys: z.array(z.object({ id: z.string(), publicKey: z.string() })),
});

async function askCode(): Promise<string> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return (await lines.question('One-time code: ')).trim();
  } finally {
    lines.close();
  }
}

/** Opened before the code is spent: a folder that cannot be written costs no code. */
async function reserve(file: string) {
  try {
    await mkdir(dirname(file), { recursive: true });
    return await open(file, 'wx', 0o600);
  } catch (cause) {
    throw new InputError('output-unwritable', `Cannot make '${file}'`, {
      field: '--key-file',
      value: file,
      allowed: 'a file that does not exist yet, in a folder that can be written',
      cause,
    });
  }
}

async function redeem(edge: string, code: string) {
  const url = URL.parse('v1/enrol', edge.endsWith('/') ? edge : `${edge}/`);
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new InputError('option-invalid', `'${edge}' is no URL of an edge`, {
      field: '--edge',
      value: edge,
      allowed: 'an http or https URL',
    });
  }
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ code }),
    redirect: 'error',
    signal: AbortSignal.timeout(CHECK_TIMEOUT_MS),
  }).catch((cause: unknown) => {
    throw new InputError('edge-unreachable', `No answer from ${edge}`, {
      field: '--edge',
      value: edge,
      allowed: 'the base URL of a running edge',
      cause,
    });
  });
  const answer: unknown = await response.json().catch(() => undefined);
  const enrolled = enrolledSchema.safeParse(answer);
  if (response.ok && enrolled.success) return enrolled.data;
  const { data: problem } = problemSchema.safeParse(answer);
  const reason = problem ? `${problem.detail} (${problem.code})` : `HTTP ${response.status}`;
  throw new InputError('edge-refused', `The edge refused: ${reason}`, {
    field: problem?.field ?? '--edge',
    allowed: problem?.allowed ?? "the base URL of Dandan's edge",
  });
}

/** @returns the exit code. @throws {InputError} */
export async function enrol(options: EnrolOptions, { out }: Streams): Promise<number> {
  const { edge, keyFile, json } = options;
  await using key = await reserve(keyFile);
  try {
    const enrolled = await redeem(edge, options.code ?? (await askCode()));
    await key.writeFile(`${enrolled.key}\n`);
    await key.sync();
    const { device, signingKeys } = enrolled;
    const trustFile = `${keyFile}.signing-keys.json`;
    await using trust = await open(trustFile, 'w', 0o600);
    await trust.writeFile(`${JSON.stringify({ signingKeys }, undefined, 2)}\n`);
    await trust.sync();
    out(`This gateway is '${device}'. Its key is in ${keyFile}: set edge.keyFile to it.\n`);
    out(`Signing keys it may take releases from are in ${trustFile}.\n`);
    if (json) out(`${JSON.stringify({ device, keyFile, trustFile })}\n`);
    return EXIT.ok;
  } catch (error) {
    const { size } = await key.stat();
    if (size === 0) await unlink(keyFile);
    throw error;
  }
}
