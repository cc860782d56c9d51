// A policy document in a file of its own, YAML or JSON.
import { readFileSync, statSync } from 'node:fs';
import { InputError } from '@dandan/shared/error';
import { type PolicyDocument, policyDocumentSchema } from '@dandan/shared/policy';
import { parse } from 'yaml';

/** The largest document is 30 kB without its comments. */
export const MAX_POLICY_BYTES = 256 * 1024;

function refuse(
  file: string,
  details: { field?: string; allowed: string; cause?: unknown },
): never {
  const { field = 'policy.file', ...rest } = details;
  throw new InputError('config-invalid', `The policy document ${file} is not usable`, {
    field,
    value: file,
    ...rest,
  });
}

/** @throws {InputError} `config-invalid`, with the path of the first field that is not usable. */
export function readPolicy(file: string): PolicyDocument {
  let value: unknown;
  try {
    if (statSync(file).size > MAX_POLICY_BYTES) {
      refuse(file, { allowed: `at most ${MAX_POLICY_BYTES} bytes` });
    }
    value = parse(readFileSync(file, 'utf8'), { maxAliasCount: 100 });
  } catch (cause) {
    if (cause instanceof InputError) throw cause;
    refuse(file, { allowed: 'a readable file in YAML or JSON; see docs/policies', cause });
  }
  const read = policyDocumentSchema.safeParse(value);
  if (read.success) return read.data;
  const [{ path, message }] = read.error.issues;
  refuse(file, { field: ['policy.file', ...path.map(String)].join('.'), allowed: message });
}
