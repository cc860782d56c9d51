// `labels` and `topology` of plant.yaml: what people know of the plant.
import * as z from 'zod';
import { className, durationMs, name, relativePath, timeZone } from './fields.ts';

export const labelsSection = z.strictObject({
  /** Sheets with the columns asset, from, to, class (and run): see docs/plant.md. */
  files: z.union([relativePath, z.array(relativePath).min(1)]).optional(),
  /** Of times without an offset. @default {that of the plant} */
  timeZone: timeZone.optional(),
  /**
   * Class of everything that no line of a sheet covers; without it such windows are unlabelled.
   * Only for sheets that list every incident.
   */
  otherwise: className.optional(),
  /** Windows that end this near to the start or end of an interval are left unlabelled. */
  marginMs: durationMs.optional(),
});

/** Machines in the order of the flow, as `press-1 > oven-1 > cooler`. */
const flow = z.string().min(1).max(4096);

export const topologySection = z.union([
  /** A table with the columns from, to (or src, dst) and kind. */
  relativePath,
  z.strictObject({
    /** The table of edges. */
    edges: relativePath.optional(),
    /** A table with the columns asset and kind. */
    assets: relativePath.optional(),
    /** Instead of a table. */
    lines: z.array(flow).optional(),
    /** Kinds of machines by asset, or by a pattern with `*`. */
    kinds: z.record(z.string().min(1).max(64), name).optional(),
  }),
]);

export type LabelSheets = z.output<typeof labelsSection>;
export type TopologySource = z.output<typeof topologySection>;
