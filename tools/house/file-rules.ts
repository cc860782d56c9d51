// Rules that a file keeps or breaks by itself.

/** Beyond this a file holds more than one idea; tests are lists and may be longer. */
const MAX_LINES = 250;

// Written in two halves, so that this file keeps its own rule.
const UNFINISHED = new RegExp(`\\b(${'TO'}${'DO'}|${'FIX'}${'ME'})\\b`);

/** A test switched off in place, or one that switches all others off. */
const SWITCHED = /\b(test|it|describe|suite)\.(only|skip|todo)\b/;

/** What breaks the rules in one file, one sentence each. */
export function fileViolations(path: string, source: string): string[] {
  const isTest = path.endsWith('.test.ts');
  const lines = source.split('\n');
  const count = lines.at(-1) === '' ? lines.length - 1 : lines.length;
  const violations: string[] = [];
  if (!isTest && count > MAX_LINES) {
    violations.push(`${path}: ${count} lines, at most ${MAX_LINES}`);
  }
  lines.forEach((line, index) => {
    const [unfinished] = UNFINISHED.exec(line) ?? [];
    if (unfinished) violations.push(`${path}:${index + 1}: ${unfinished}`);
    const [switched] = (isTest && SWITCHED.exec(line)) || [];
    if (switched) violations.push(`${path}:${index + 1}: ${switched}`);
  });
  return violations;
}
