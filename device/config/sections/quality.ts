// When the gateway doubts a sensor or a clock; the defaults suit sensors of a second to minutes.
import * as z from 'zod';

const DAY_MS = 24 * 60 * 60 * 1000;

const limitMs = (usual: number) => z.int().min(0).max(DAY_MS).default(usual);
const share = (usual: number) => z.number().min(0).max(1).default(usual);

export const qualityConfigSchema = z.strictObject({
  /** A value that usually moves and has been exactly the same for as long *and* as many samples. 0 ms: never. */
  stuckAfterMs: limitMs(10 * 60 * 1000),
  stuckAfterSamples: z.int().min(2).max(1_000_000).default(30),
  /** Silence of so many times the longest usual interval, and of `silentAfterMs` at least. 0: never. */
  silentFactor: z.number().min(0).max(1000).default(5),
  silentAfterMs: limitMs(10_000),
  /** Share of samples that come after a later one. 0: never. */
  lateShare: share(0.2),
  /** Share of samples that come again. 0: never. */
  duplicateShare: share(0.2),
  /** A clock that goes back, or ahead of this machine's, by more than this. 0: never. */
  clockJumpMs: limitMs(60_000),
  /** A clock that is for a minute further than this from this machine's. 0: never. */
  clockSkewMs: limitMs(60_000),
});

export type QualityConfig = z.infer<typeof qualityConfigSchema>;
