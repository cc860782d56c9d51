// What ends a canary: the terms on which a release is tried, given with it.
import * as z from 'zod';

/** A gateway needs a few minutes to fetch and verify a bundle. */
export const MIN_DEADLINE_MINUTES = 5;

/** Thirty days. A trial that says nothing in that time is none. */
export const MAX_DEADLINE_MINUTES = 43_200;

/** A day: every shift has met the new bundle once. */
export const DEFAULT_DEADLINE_MINUTES = 1440;

/** Three heartbeats of a gateway that sends one every five minutes. */
export const DEFAULT_SILENCE_MINUTES = 15;

export const criteriaSchema = z.strictObject({
  /** Minutes after which the canary ends, one way or the other. */
  deadlineMinutes: z
    .int()
    .min(MIN_DEADLINE_MINUTES)
    .max(MAX_DEADLINE_MINUTES)
    .default(DEFAULT_DEADLINE_MINUTES),
  /** What happens then to a canary that nothing speaks against. */
  atDeadline: z.enum(['promote', 'rollback']).default('rollback'),
  /** Devices that must have run the bundle by then; fewer are no trial, and it is rolled back. */
  minDevices: z.int().min(0).max(10_000).default(1),
  /** Largest share of rows that may end in an error. */
  maxErrorRate: z.number().min(0).max(1).default(0.01),
  /** A device that has not been heard of for this long is missing. */
  silenceMinutes: z.int().min(1).max(1440).default(DEFAULT_SILENCE_MINUTES),
  /** Largest share of the canary's devices that may be missing beyond that of all other devices. */
  maxMissingShare: z.number().min(0).max(1).default(0.25),
});

export type RolloutCriteria = z.infer<typeof criteriaSchema>;
