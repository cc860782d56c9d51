// Nightly windows in which a bundle may change, by the wall clock of a time zone.
import { policyDocumentSchema, scheduleOf } from '@dandan/shared/policy';
import type { UpdateSchedule } from '@dandan/shared/wire';

export interface UpdateWindow {
  /** Whether a bundle may change at `at`, milliseconds since the epoch. */
  isOpen(at: number): boolean;
  /** First instant after `at` at which that changes; `undefined`: never. */
  nextChange(at: number): number | undefined;
}

const ALWAYS: UpdateWindow = { isOpen: () => true, nextChange: () => undefined };

/** Windows as a calendar reads them: skipped and doubled hours as policies have them. */
export function createUpdateWindow(schedule: UpdateSchedule | undefined): UpdateWindow {
  if (schedule === undefined) return ALWAYS;
  const { timeZone, windows } = schedule;
  const rules = windows.map((window) => ({ ...window, policy: 'night' }));
  // A calendar of two states is what a policy document is: `night` stands for open.
  const document = policyDocumentSchema.parse({ schema: 1, timeZone, otherwise: 'day', rules });
  const calendar = scheduleOf(document);
  return {
    isOpen: (at) => calendar.segment(at).state.policy === 'night',
    nextChange: (at) => calendar.nextChange(at),
  };
}
