// What a value of plant.yaml may be, in words for somebody who has never seen a schema.

import { nearestNames } from '../../config/nearest-names.ts';
import type { Complaint } from '../../config/yaml-issues.ts';
import { knownKeys } from './known-keys.ts';

/** Most names of a list that an error repeats. */
const MAX_NAMES = 12;

const KINDS: Readonly<Record<string, string>> = {
  string: 'text; a number or a yes that is meant as text stands in quotes, e.g. "1"',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list, e.g. [a, b]',
  record: 'names with values, e.g. name: value',
  object: 'names with values, e.g. name: value',
};

const UNITS: Readonly<Record<string, string>> = { string: 'characters', array: 'entries' };

function amount(origin: string, limit: number | bigint): string {
  const unit = UNITS[origin];
  return unit === undefined ? String(limit) : `${limit} ${unit}`;
}

function nearest(path: readonly PropertyKey[]): string {
  const key = String(path.at(-1));
  const names = nearestNames(key, knownKeys(path.slice(0, -1)));
  const more = names.length > MAX_NAMES ? ', …' : '';
  return `one of ${names.slice(0, MAX_NAMES).join(', ')}${more}`;
}

/** What is allowed where `complaint` was made. */
export function issueWords(complaint: Complaint): string {
  switch (complaint.code) {
    case 'invalid_type':
      return KINDS[complaint.expected] ?? complaint.expected;
    case 'invalid_value':
      return `one of ${complaint.values.map(String).join(', ')}`;
    case 'too_small':
      return `at least ${amount(complaint.origin, complaint.minimum)}`;
    case 'too_big':
      return `at most ${amount(complaint.origin, complaint.maximum)}`;
    case 'unrecognized_keys':
      return nearest(complaint.path);
    case 'invalid_format':
      return complaint.format === 'datetime'
        ? 'a time with its offset, e.g. 2026-04-01T00:00:00+09:00'
        : complaint.message;
    case 'invalid_key':
    case 'invalid_element':
      return complaint.issues[0]?.message ?? complaint.message;
    default:
      return complaint.message;
  }
}
