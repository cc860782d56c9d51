// A policy document from a YAML or JSON file, with errors that point at the line.
import { readFile, stat } from 'node:fs/promises';
import { InputError } from '@dandan/shared/error';
import { type PolicyDocument, policyDocumentSchema } from '@dandan/shared/policy';
import { type Document, isNode, LineCounter, parseDocument } from 'yaml';

/** What the edge takes; a document with a comment on every line is a tenth of it. */
const MAX_FILE_BYTES = 64 * 1024;

type Path = readonly PropertyKey[];

function invalid(field: string, message: string, value: unknown, allowed: string): InputError {
  return new InputError('config-invalid', message, { field, value, allowed });
}

async function readText(file: string): Promise<string> {
  try {
    const { size } = await stat(file);
    if (size > MAX_FILE_BYTES) {
      const allowed = `at most ${MAX_FILE_BYTES} bytes`;
      throw invalid('--file', `'${file}' has ${size} bytes`, size, allowed);
    }
    return await readFile(file, 'utf8');
  } catch (cause) {
    if (cause instanceof InputError) throw cause;
    throw new InputError('data-missing', `Cannot read '${file}'`, {
      field: '--file',
      value: file,
      allowed: 'a policy document in YAML or JSON, e.g. docs/policies/free-plan.yaml',
      cause,
    });
  }
}

/** Line of the value at `path`, or of the nearest parent that is there. */
function lineOf(document: Document, lines: LineCounter, path: Path): number {
  for (let depth = path.length; depth >= 0; depth--) {
    const node = document.getIn(path.slice(0, depth), true);
    if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
  }
  return 1;
}

/** The document's data. @throws {InputError} for what is no YAML, or unfolds to too much. */
function parseYaml(file: string, text: string, lines: LineCounter) {
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const allowed = 'a YAML or JSON document, e.g. docs/policies/free-plan.yaml';
  const [error] = document.errors;
  if (error !== undefined) {
    const field = `${file}:${lines.linePos(error.pos[0]).line}`;
    throw invalid(field, `${field} is not YAML: ${error.message}`, undefined, allowed);
  }
  try {
    return { document, json: document.toJS() as unknown };
  } catch (cause) {
    const message = `${file} cannot be unfolded: ${(cause as Error).message}`;
    throw invalid(file, message, undefined, allowed);
  }
}

/**
 * Reads and checks a policy document.
 *
 * @throws {InputError} `data-missing`, or `config-invalid` with field `file:line:path`.
 */
export async function readPolicyFile(file: string): Promise<PolicyDocument> {
  const lines = new LineCounter();
  const { document, json } = parseYaml(file, await readText(file), lines);
  const result = policyDocumentSchema.safeParse(json);
  if (result.success) return result.data;
  const { issues } = result.error;
  // A misspelt field is also missing under its own name; the misspelling is what to correct.
  const first = issues.find(({ code }) => code === 'unrecognized_keys') ?? issues[0];
  const { path, message, ...issue } = first;
  const full = issue.code === 'unrecognized_keys' ? [...path, issue.keys[0]] : path;
  const name = full.map(String).join('.') || 'document';
  const field = `${file}:${lineOf(document, lines, full)}:${name}`;
  const value = full.length === 0 ? undefined : document.getIn(full);
  throw invalid(field, `${field} is not usable`, isNode(value) ? undefined : value, message);
}
