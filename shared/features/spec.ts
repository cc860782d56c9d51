// What a feature row is made of: the contract between the trainer that learns
// from rows and the gateway that builds them, shipped inside the bundle.
import * as z from 'zod';

/** The widest public graph here has 8,415 features; text graphs reach 500,000. */
export const MAX_FEATURES = 1_000_000;

/** Statistics of one channel over one window, in the order rows hold them. */
export const STATISTICS = ['last', 'mean', 'deviation', 'slope', 'minimum', 'maximum'] as const;

export type Statistic = (typeof STATISTICS)[number];

/** Beyond, the means of most public graphs are those of the whole graph. */
export const MAX_HOPS = 8;

/** NOSMOG's positions have 64 coordinates; a row of more than these is mostly position. */
export const MAX_POSITIONS = 256;

/** One day: a longer window would not fit a gateway's memory at 1 kHz. */
const MAX_WINDOW_MS = 24 * 60 * 60 * 1000;

/** As many as a channel of a window by time may hold. */
export const MAX_WINDOW_SAMPLES = 100_000;

/** A month: a sensor that reports changes only and has said nothing for longer is taken for dead. */
const MAX_HOLD_MS = 31 * 24 * 60 * 60 * 1000;

const isUnique = (names: readonly string[]) => new Set(names).size === names.length;

const channel = z.strictObject({
  name: z.string().regex(/^[A-Za-z0-9_.-]{1,64}$/, 'letters, digits, _ . - (1..64)'),
  unit: z.string().max(32),
  /**
   * For sensors that report changes only: a window without a sample takes the last value before
   * it, up to this age at the row's time, milliseconds. Without it the channel is missing (NaN),
   * which reads as the mean.
   */
  holdMs: z.int().min(1).max(MAX_HOLD_MS).optional(),
});

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

/** Rows are statistics of sensor channels over windows; column = channel × statistic. */
const telemetrySpec = z
  .strictObject({
    kind: z.literal('telemetry'),
    channels: z
      .array(channel)
      .min(1)
      .max(256)
      .refine((list) => isUnique(list.map(({ name }) => name)), 'a channel is named twice'),
    statistics: z.array(z.enum(STATISTICS)).min(1).refine(isUnique, 'a statistic is named twice'),
    /** Length of the window that ends at the row's time, milliseconds. */
    windowMs: z.int().min(1).max(MAX_WINDOW_MS).optional(),
    /** A row is due at every whole multiple of this time, milliseconds. */
    strideMs: z.int().min(1).max(MAX_WINDOW_MS).optional(),
    /** Length of the window in samples of the asset; all its readings of one time are one sample. */
    windowSamples: z.int().min(1).max(MAX_WINDOW_SAMPLES).optional(),
    /** A row is due every so many samples of the asset. */
    strideSamples: z.int().min(1).max(MAX_WINDOW_SAMPLES).optional(),
  })
  .superRefine((spec, context) => {
    const { windowMs, strideMs, windowSamples, strideSamples } = spec;
    const issue = (field: string, message: string) =>
      context.addIssue({ code: 'custom', path: [field], message });
    const byTime = windowMs !== undefined || strideMs !== undefined;
    const byCount = windowSamples !== undefined || strideSamples !== undefined;
    if (byTime === byCount) {
      issue('windowMs', 'either windowMs and strideMs or windowSamples and strideSamples');
    } else if (byTime) {
      if (windowMs === undefined) issue('windowMs', 'stands beside strideMs');
      else if (strideMs === undefined) issue('strideMs', 'stands beside windowMs');
      else if (strideMs > windowMs) issue('strideMs', 'strideMs must not exceed windowMs');
    } else if (windowSamples === undefined) {
      issue('windowSamples', 'stands beside strideSamples');
    } else if (strideSamples === undefined) {
      issue('strideSamples', 'stands beside windowSamples');
    } else if (strideSamples > windowSamples) {
      issue('strideSamples', 'strideSamples must not exceed windowSamples');
    }
  });

type TelemetryForm = 'windowMs' | 'strideMs' | 'windowSamples' | 'strideSamples';
type TelemetryCommon = Readonly<Omit<z.infer<typeof telemetrySpec>, TelemetryForm>>;

export type ChannelSpec = Readonly<z.infer<typeof channel>>;

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

/** Number of columns d of the rows that `spec` describes. */
export function rowWidth(spec: FeatureSpec): number {
  return spec.kind === 'table' ? spec.columns : spec.channels.length * spec.statistics.length;
}

/** Column names in row order, for reports and errors. */
export function columnNames(spec: FeatureSpec): string[] {
  if (spec.kind === 'table') return Array.from({ length: spec.columns }, (_, j) => `x${j}`);
  return spec.channels.flatMap(({ name }) => spec.statistics.map((stat) => `${name}.${stat}`));
}
