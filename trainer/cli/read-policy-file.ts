// A policy document from a YAML or JSON file, with errors that point at the line.
import { InputError } from '@dandan/shared/error';
import { type PolicyDocument, policyDocumentSchema } from '@dandan/shared/policy';
import { readYaml } from '../config/read-yaml.ts';
import { yamlIssues } from '../config/yaml-issues.ts';

/** What the edge takes; a document with a comment on every line is a tenth of it. */
const MAX_FILE_BYTES = 64 * 1024;

/**
 * Reads and checks a policy document.
 *
 * @throws {InputError} `data-missing`, or `config-invalid` with field `file:line:path`.
 */
export async function readPolicyFile(file: string): Promise<PolicyDocument> {
  const allowed = 'a policy document in YAML or JSON, e.g. docs/policies/free-plan.yaml';
  const yaml = await readYaml({ file, field: '--file', maxBytes: MAX_FILE_BYTES, allowed });
  const result = policyDocumentSchema.safeParse(yaml.json);
  if (result.success) return result.data;
  const [{ code, message, ...details }] = yamlIssues(yaml, result.error);
  throw new InputError(code, message, details);
}
