// A bundle that was given up is told once, however often its report comes.
import type { Alert } from '../metrics/index.ts';
import type { ModelReport } from './update/index.ts';

/** A function that takes the reports of every transition. */
export function createFailureAlerts(alert: Alert): (reports: readonly ModelReport[]) => void {
  const told = new Map<string, string | undefined>();
  return function tellFailures(reports) {
    for (const { model, failure } of reports) {
      const known = told.get(model);
      told.set(model, failure?.bundle);
      if (failure === null || failure.bundle === known) continue;
      alert('bundle-failed', `${model}: ${failure.reason}`);
    }
  };
}
