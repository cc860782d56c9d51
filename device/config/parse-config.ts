// YAML text to configuration, with errors that point at the line.
import { InputError } from '@dandan/shared/error';
import { type Document, isNode, LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';
import { type GatewayConfig, gatewayConfigSchema } from './schema.ts';

/** The example with all its comments is 3 kB. */
export const MAX_CONFIG_BYTES = 64 * 1024;

/** Longest value repeated in an error. */
const MAX_SHOWN = 80;

export interface ParseConfigOptions {
  /** Name of the file, for errors. */
  readonly file: string;
  readonly text: string;
}

export interface ParseYamlOptions<T> extends ParseConfigOptions {
  readonly schema: z.ZodType<T>;
  /** File that shows how it is done, for errors. */
  readonly example: string;
}

type Path = readonly PropertyKey[];

/** Line of the value at `path`, or of the nearest parent that is there. */
function lineOf(document: Document, lines: LineCounter, path: Path): number {
  for (let depth = path.length; depth >= 0; depth--) {
    const node = document.getIn(path.slice(0, depth), true);
    if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
  }
  return 1;
}

/** The value at `path` if it can be shown: no object, not long, and nothing named like a secret. */
function shownValue(document: Document, path: Path): unknown {
  const value = document.getIn(path);
  if (/password|key|secret|token/i.test(path.map(String).join('.'))) return undefined;
  if (typeof value === 'string' && /\/\/[^/]*@/.test(value)) return undefined;
  if (typeof value === 'string') return value.slice(0, MAX_SHOWN);
  return typeof value === 'number' || typeof value === 'boolean' ? value : undefined;
}

function toInputError(
  issue: z.core.$ZodIssue,
  document: Document,
  lines: LineCounter,
  { file, example }: { readonly file: string; readonly example: string },
): InputError {
  const unknown = issue.code === 'unrecognized_keys';
  const path = unknown ? [...issue.path, issue.keys[0]] : issue.path;
  const name = path.map(String).join('.') || 'file';
  const field = `${file}:${lineOf(document, lines, path)}:${name}`;
  const missing = !unknown && document.getIn(path) === undefined;
  const problem = unknown ? 'is not known' : missing ? 'is missing' : 'is not usable';
  const value = shownValue(document, path);
  const allowed = unknown
    ? `no such field; see ${example}`
    : missing
      ? `a value; see ${example}`
      : issue.message;
  return new InputError('config-invalid', `${field} ${problem}`, {
    field,
    ...(value === undefined || unknown ? {} : { value }),
    allowed,
  });
}

/** Of alternatives, what is wrong with the one that was most probably meant: it has the fewest faults. */
function narrow(issue: z.core.$ZodIssue): z.core.$ZodIssue {
  if (issue.code !== 'invalid_union') return issue;
  const [fewest] = issue.errors.toSorted((a, b) => a.length - b.length);
  const first = fewest?.[0];
  return first === undefined ? issue : narrow({ ...first, path: [...issue.path, ...first.path] });
}

/**
 * Parses and validates a document of any schema.
 *
 * @throws {InputError} `config-invalid` for the first problem, with field `file:line:path`.
 */
export function parseYaml<T>({ file, text, schema, example }: ParseYamlOptions<T>): T {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const [error] = document.errors;
  if (error !== undefined) {
    const field = `${file}:${lines.linePos(error.pos[0]).line}`;
    throw new InputError('config-invalid', `${field} is not YAML: ${error.message}`, {
      field,
      allowed: 'a YAML document',
    });
  }
  const result = schema.safeParse(document.toJS() ?? {});
  if (result.success) return result.data;
  const issues = result.error.issues.map(narrow);
  // A misspelt field is also missing under its own name; the misspelling is what to correct.
  const first = issues.find(({ code }) => code === 'unrecognized_keys') ?? issues[0];
  throw toInputError(first, document, lines, { file, example });
}

/**
 * Parses and validates the configuration of a gateway.
 *
 * @throws {InputError} `config-invalid` for the first problem, with field `file:line:path`.
 */
export function parseConfig({ file, text }: ParseConfigOptions): GatewayConfig {
  return parseYaml({ file, text, schema: gatewayConfigSchema, example: 'gateway.example.yaml' });
}
