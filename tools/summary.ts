// The verdict of a test run in plain lines: skipped tests with their reasons, then
// the counts, the last of all so that a program can read them off the end.

export interface TestOutcome {
  /** Full name: project, file, suites and test. */
  readonly name: string;
  readonly state: 'passed' | 'failed' | 'skipped' | 'pending';
  /** Why a test was skipped. */
  readonly note?: string | undefined;
}

/**
 * Lines to print, counts last.
 *
 * @param outcomes one per test. A test that never ended counts as failed.
 * @param errors failures outside any test: modules that do not load, hooks, unhandled rejections.
 */
export function summarise(outcomes: readonly TestOutcome[], errors: number): string[] {
  const count = (...states: TestOutcome['state'][]) =>
    outcomes.filter(({ state }) => states.includes(state)).length;
  const skipped = outcomes.filter(({ state }) => state === 'skipped');
  // A run that tested nothing has shown nothing.
  const failed = count('failed', 'pending') + errors + (outcomes.length === 0 ? 1 : 0);
  const counts = `${count('passed')} passed, ${failed} failed`;
  return [
    ...skipped.map(({ name, note }) => `skipped: ${name} (${note ?? 'no reason given'})`),
    skipped.length === 0 ? counts : `${counts}, ${skipped.length} skipped`,
  ];
}
