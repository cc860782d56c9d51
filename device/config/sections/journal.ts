// The journal of what the gateway takes in.
import * as z from 'zod';
import { milliseconds } from './fields.ts';

export const journalSection = z.strictObject({
  /**
   * A message waits this long for others that share its write to the disk. Flash memory wears by
   * writes: 10 ms allow 100 a second, 1000 ms one.
   */
  commitDelayMs: milliseconds(10_000).default(10),
  /** Size at which the journal is replaced by a snapshot of what follows from it. */
  segmentMegabytes: z.int().min(1).max(1024).default(16),
});
