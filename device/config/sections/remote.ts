// Wishes of operators on `…/desired`, and the answers on `…/reported`.
import * as z from 'zod';

export const remoteSection = z.strictObject({
  /** Whoever may write `…/desired` at the broker may change the policy and ask for releases. */
  enabled: z.boolean().default(false),
  /** Shortest time between two reports. */
  reportIntervalMs: z.int().min(100).max(3_600_000).default(1000),
});
