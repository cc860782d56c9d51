// What a feature row is made of: the contract between the trainer that learns
// from rows and the gateway that builds them, shipped inside the bundle.
import * as z from 'zod';
import { MAX_POSITIONS, positionSpec, upstreamSpec } from './asset-specs.ts';
import { channelSpec, isUnique, statisticList } from './channel-spec.ts';
import { referenceSpec } from './reference.ts';
import { checkBands, checkUpstream, checkWindows } from './window-checks.ts';

/** The widest public graph here has 8,415 features; text graphs reach 500,000. */
export const MAX_FEATURES = 1_000_000;

/** Beyond, the means of most public graphs are those of the whole graph. */
export const MAX_HOPS = 8;

/** One day: a longer window would not fit a gateway's memory at 1 kHz. */
const MAX_WINDOW_MS = 24 * 60 * 60 * 1000;

/** As many as a channel of a window by time may hold. */
export const MAX_WINDOW_SAMPLES = 100_000;

/** Rows come ready-made, as in a public graph data set. */
const tableSpec = z.strictObject({
  kind: z.literal('table'),
  /** Of a row as the first stage reads it, whatever the next two fields say is in it. */
  columns: z.int().min(1).max(MAX_FEATURES),
  /** R: rows are means of the features over R hops of the graph, not a node's own alone. */
  propagation: z.int().min(1).max(MAX_HOPS).optional(),
  /** Coordinates of a node's place in the graph, in the last columns. */
  positions: z.int().min(1).max(MAX_POSITIONS).optional(),
});

/** Rows are what windows of sensor channels say; see `featureColumns` for their columns. */
const telemetrySpec = z
  .strictObject({
    kind: z.literal('telemetry'),
    channels: z
      .array(channelSpec)
      .min(1)
      .max(256)
      .refine((list) => isUnique(list.map(({ name }) => name)), 'a channel is named twice'),
    /** Of every channel that names none of its own. */
    statistics: statisticList.min(1),
    /** Length of the window that ends at the row's time, milliseconds. */
    windowMs: z.int().min(1).max(MAX_WINDOW_MS).optional(),
    /** A row is due at every whole multiple of this time, milliseconds. */
    strideMs: z.int().min(1).max(MAX_WINDOW_MS).optional(),
    /** Length of the window in samples of the asset; all its readings of one time are one sample. */
    windowSamples: z.int().min(1).max(MAX_WINDOW_SAMPLES).optional(),
    /** A row is due every so many samples of the asset. */
    strideSamples: z.int().min(1).max(MAX_WINDOW_SAMPLES).optional(),
    /**
     * A channel without a value reads as the mean (`mean`, the default); with `indicate` each
     * channel has a column more, 1 where it is missing, 0 where it is not.
     */
    missing: z.enum(['mean', 'indicate']).optional(),
    /**
     * Every asset is measured against its own beginning: columns in units of the first readings of
     * their channel, and no row before these are there.
     */
    reference: referenceSpec.optional(),
    /** Columns of the difference from the assets upstream, in the same window. */
    upstream: upstreamSpec.optional(),
    /** Coordinates of the asset's place in the plant, in the last columns. */
    positions: positionSpec.optional(),
  })
  .superRefine((spec, context) => {
    const issue = (path: (string | number)[], message: string) =>
      context.addIssue({ code: 'custom', path, message });
    checkWindows(spec, issue);
    checkBands(spec, issue);
    checkUpstream(spec, issue);
  });

type TelemetryForm = 'windowMs' | 'strideMs' | 'windowSamples' | 'strideSamples';
type TelemetryCommon = Readonly<Omit<z.infer<typeof telemetrySpec>, TelemetryForm>>;

/** Windows of a length in time; a row is due at every multiple of the stride. */
export interface TimeWindowSpec extends TelemetryCommon {
  readonly windowMs: number;
  readonly strideMs: number;
}

/** Windows of a number of samples, for machines that report per piece, stroke or shot. */
export interface CountWindowSpec extends TelemetryCommon {
  readonly windowSamples: number;
  readonly strideSamples: number;
}

export type TableSpec = Readonly<z.infer<typeof tableSpec>>;
export type TelemetrySpec = TimeWindowSpec | CountWindowSpec;
export type FeatureSpec = TableSpec | TelemetrySpec;

// One object with a refinement, not a union of two: its refusals name the field that is wrong.
// The refinement is what makes the two types of it.
export const featureSpecSchema = z.discriminatedUnion('kind', [
  tableSpec,
  telemetrySpec,
]) as unknown as z.ZodType<FeatureSpec>;

export function hasCountWindows(spec: TelemetrySpec): spec is CountWindowSpec {
  return 'windowSamples' in spec && spec.windowSamples !== undefined;
}
