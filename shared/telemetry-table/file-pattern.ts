// Names of files by pattern: `*` for any characters, `{asset}`, `{run}` and `{set}` for a part of
// the name that says so.
import { InputError } from '../error/index.ts';
import type { Placeholders } from './table-columns.ts';

const PLACEHOLDERS = ['asset', 'run', 'set'] as const;

/** Each makes a name dearer to match by its length: 255 characters. */
const MAX_WILDCARDS_A_PART = 3;

/** One part of a path, between two slashes. */
export interface PatternPart {
  /** What it says of a name that it fits; `undefined` where it does not. */
  match(name: string): Placeholders | undefined;
  /** The only name that fits, where there is one. */
  readonly literal: string | undefined;
}

const WILDCARD = /\*|\{(asset|run|set)\}/g;

function refuse(field: string, pattern: string, allowed: string): never {
  const message = `${field} is not usable: ${pattern}`;
  throw new InputError('option-invalid', message, { field, value: pattern, allowed });
}

const quote = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

function compilePart(part: string, field: string, pattern: string): PatternPart {
  const names: (typeof PLACEHOLDERS)[number][] = [];
  let source = '';
  let at = 0;
  let wildcards = 0;
  for (const match of part.matchAll(WILDCARD)) {
    source += quote(part.slice(at, match.index));
    const [whole, name] = match;
    if (name !== undefined) names.push(name as (typeof PLACEHOLDERS)[number]);
    source += whole === '*' ? '.*' : '(.+?)';
    at = match.index + whole.length;
    wildcards++;
  }
  const rest = part.slice(at);
  if (wildcards > MAX_WILDCARDS_A_PART) {
    refuse(field, pattern, `at most ${MAX_WILDCARDS_A_PART} of * and {…} between two slashes`);
  }
  if (/[{}]/.test(`${part.replace(WILDCARD, '')}`)) {
    refuse(field, pattern, '* and {asset}, {run} or {set}');
  }
  const form = new RegExp(`^${source}${quote(rest)}$`, 'su');
  return {
    literal: wildcards === 0 ? part : undefined,
    match(name) {
      // What begins with a dot is meant only where the pattern says so.
      if (name.startsWith('.') && !part.startsWith('.')) return undefined;
      const found = form.exec(name);
      if (found === null) return undefined;
      const said: Record<string, string> = {};
      for (const [i, key] of names.entries()) said[key] = joinParts(said[key], found[i + 1]);
      return said;
    },
  };
}

/** A placeholder that stands twice is both parts: {run}/{run}.csv. */
function joinParts(before: string | undefined, part: string): string {
  return before === undefined ? part : `${before}/${part}`;
}

/** What two parts of a path say together. */
export function joinPlaceholders(outer: Placeholders, inner: Placeholders): Placeholders {
  const joined: { -readonly [Key in keyof Placeholders]: string } = { ...outer };
  for (const key of PLACEHOLDERS) {
    const part = inner[key];
    if (part !== undefined) joined[key] = joinParts(outer[key], part);
  }
  return joined;
}

/**
 * The parts of a pattern relative to the project's folder.
 *
 * @throws {InputError} `option-invalid` for a path that leaves it and for unknown placeholders.
 */
export function compilePattern(pattern: string, field: string): PatternPart[] {
  const parts = pattern.split('/').filter((part, at) => part !== '.' || at > 0);
  const leaves = parts.some((part) => part === '' || part === '.' || part === '..');
  if (leaves || pattern.includes('\\') || /^[A-Za-z]:/.test(pattern) || pattern.includes('\0')) {
    refuse(field, pattern, 'a path below the folder of plant.yaml, with / between its parts');
  }
  return parts.map((part) => compilePart(part, field, pattern));
}
