// `graph` and `split` of plant.yaml: which windows are neighbours, and which of them are for what.
import * as z from 'zod';
import { durationMs } from './fields.ts';

/** A window tied to more than a hundred others says little of each. */
const MAX_REACH = 128;

/** A week of windows ten minutes apart: what lies farther back is another story. */
const MAX_LAG = 1024;

const share = z.number().min(0).max(0.9);

export const graphSection = z.strictObject({
  /** Ties machines that are neighbours in the topology, in the same window. */
  topology: z.boolean().default(true),
  /**
   * Ties a machine's window to so many before and after it; or to those that are so many windows
   * apart, which reaches far with few edges: `{ lags: [1, 2, 4, 8, 16, 32] }`.
   */
  time: z
    .union([
      z.int().min(0).max(MAX_REACH),
      z.strictObject({ lags: z.array(z.int().min(1).max(MAX_LAG)).min(1).max(MAX_REACH) }),
    ])
    .default(4),
  /** Ties a window to so many others, of the same kind of machine, that are most like it. */
  similar: z.int().min(0).max(MAX_REACH).default(0),
});

export const splitSection = z.strictObject({
  /**
   * Stretches of time that stay whole, where there are too few runs for every set to have its own.
   * @default {found from the labels}
   */
  blockMs: durationMs.optional(),
  /** Shares of the blocks, where the files do not say what a run is for. */
  validation: share.default(0.2),
  calibration: share.default(0.2),
  test: share.default(0.2),
  /** Labelled windows per class to learn from; the others count as unlabelled. @default {all} */
  labelsPerClass: z.int().min(1).max(1_000_000).optional(),
  validationPerClass: z.int().min(1).max(1_000_000).optional(),
});

export type GraphChoices = z.output<typeof graphSection>;
export type SplitChoices = z.output<typeof splitSection>;
