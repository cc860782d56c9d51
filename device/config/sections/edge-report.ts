// What the gateway tells the edge of itself.
import * as z from 'zod';

/** A minute is what rollouts of canaries are made for; a day is a gateway that is not watched. */
const interval = z.int().min(5000).max(86_400_000);

export const edgeReportSection = z.strictObject({
  /** Needs a key of scope `device`, as enrolment gives it. */
  enabled: z.boolean().default(true),
  heartbeatMs: interval.default(60_000),
  /** Counts of own answers, for the figures of the edge. */
  countsMs: interval.default(60_000),
  /** Share of own answers that the edge compares with the full cascade. 0: none. */
  auditShare: z.number().min(0).max(1).default(0.01),
});
