// Problems for people: of those that are alike, such as a decimal comma in every line, the first few.
import type { Issue } from '../../data/issues.ts';
import { issueText } from './issue-text.ts';

/** Of one kind: enough to see what they have in common. */
const SHOWN_OF_KIND = 3;

/** What a problem is, wherever it is: its column, what is wrong, what is allowed. */
function kindOf({ field, message, allowed }: Issue): string {
  const column = /^.*?:\d+:(.*)$/s.exec(field)?.[1] ?? '';
  const place = /^.* (?:line|row) \d+: /s.exec(message)?.[0] ?? '';
  // Where the message names a place alone, as of a file that cannot be read, files are alike.
  const what = place === '' ? message.replace(field, '') : message.slice(place.length);
  return JSON.stringify([column, what, allowed]);
}

/** `issues`: the first of `total`. */
export function describeIssues(issues: readonly Issue[], total: number): string[] {
  if (total === 0) return ['no problems found'];
  const kinds = Map.groupBy(issues, kindOf);
  const lines = [...kinds.values()].flatMap((alike) => {
    const shown = alike.slice(0, SHOWN_OF_KIND).map((each) => issueText(each));
    const more = alike.length - shown.length;
    return more === 0 ? shown : [...shown, `  … and ${more} more like this`];
  });
  const rest = total - issues.length;
  const heading = `${total} problem${total === 1 ? '' : 's'}${kinds.size < issues.length ? ` of ${kinds.size} kind${kinds.size === 1 ? '' : 's'}` : ''}:`;
  return [heading, ...lines, ...(rest > 0 ? [`… and ${rest} more`] : [])];
}
