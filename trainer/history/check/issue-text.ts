// One problem in one line: where, what, what was found and what is allowed.
import type { Issue } from '../../data/issues.ts';

const ENGLISH = { found: 'found', allowed: 'allowed' } as const;

export function issueText(
  { field, message, value, allowed }: Omit<Issue, 'code' | 'cause'>,
  words: { readonly found: string; readonly allowed: string } = ENGLISH,
): string {
  const found = value === undefined ? '' : `, ${words.found} ${JSON.stringify(value)}`;
  // Most messages begin with the place already.
  const place = message.startsWith(field) ? '' : `${field}: `;
  return `${place}${message}${found}; ${words.allowed}: ${allowed}`;
}
