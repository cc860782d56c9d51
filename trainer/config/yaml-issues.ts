// What a schema says against a document, as problems by file and line.
import type * as z from 'zod';
import type { Issue } from '../data/issues.ts';
import type { YamlFile } from './read-yaml.ts';

/** A complaint of a schema about one value; unions are resolved to the branch that was meant. */
export type Complaint = Exclude<z.core.$ZodIssue, z.core.$ZodIssueInvalidUnion>;

export interface YamlIssuesOptions {
  /** What a value may be, in words. @default {the message of the schema} */
  readonly wordsOf?: (complaint: Complaint) => string;
}

/** Branches that take another kind of value altogether say nothing of what was meant. */
function meant(branches: readonly (readonly z.core.$ZodIssue[])[]): readonly z.core.$ZodIssue[] {
  const misses = (branch: readonly z.core.$ZodIssue[]) =>
    branch.some(({ code, path }) => code === 'invalid_type' && path.length === 0);
  return branches.find((branch) => !misses(branch)) ?? branches[0] ?? [];
}

/** A misspelt field is also missing under its own name; the misspelling is what to correct. */
function misspellingFirst(complaints: readonly Complaint[]): Complaint[] {
  const isMisspelling = ({ code }: Complaint) => code === 'unrecognized_keys';
  return [
    ...complaints.filter(isMisspelling),
    ...complaints.filter((complaint) => !isMisspelling(complaint)),
  ];
}

function flatten(issues: readonly z.core.$ZodIssue[], above: readonly PropertyKey[]): Complaint[] {
  return issues.flatMap((issue): Complaint[] => {
    const path = [...above, ...issue.path];
    if (issue.code === 'invalid_union') return flatten(meant(issue.errors), path);
    if (issue.code !== 'unrecognized_keys') return [{ ...issue, path }];
    return issue.keys.map((key) => ({ ...issue, keys: [key], path: [...path, key] }));
  });
}

/** The complaints of `error` as {@linkcode Issue}s with field `file:line:path`, misspellings first. */
export function yamlIssues(
  yaml: YamlFile,
  error: z.ZodError,
  { wordsOf = ({ message }) => message }: YamlIssuesOptions = {},
): Issue[] {
  return misspellingFirst(flatten(error.issues, [])).map((complaint) => {
    const { path } = complaint;
    const name = path.map(String).join('.') || 'document';
    const field = `${yaml.name}:${yaml.lineOf(path)}:${name}`;
    return {
      code: 'config-invalid',
      message: `${field} is not usable`,
      field,
      value: yaml.valueAt(path),
      allowed: wordsOf(complaint),
    };
  });
}
