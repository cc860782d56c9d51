import { expect, test } from 'vitest';
import { createFailureAlerts } from './failure-alerts.ts';
import type { ModelReport } from './update/index.ts';

test('createFailureAlerts() tells a failure once, and the next one again', () => {
  const told: string[] = [];
  const tell = createFailureAlerts((code, message) => told.push(`${code} ${message}`));
  const report = (bundle: string | null) =>
    ({
      model: 'press',
      failure: bundle === null ? null : { release: 2, bundle, reason: `${bundle} has errors` },
      // The other fields are not looked at.
    }) as unknown as ModelReport;
  for (const bundle of [null, 'a', 'a', null, 'a', 'b']) tell([report(bundle)]);
  expect(told).toEqual([
    'bundle-failed press: a has errors',
    'bundle-failed press: a has errors',
    'bundle-failed press: b has errors',
  ]);
});
