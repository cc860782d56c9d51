// The state of an assembler as plain data for JSON, exact to the bit.
import * as z from 'zod';
import { InputError } from '../error/index.ts';
import {
  type ChannelBuffer,
  createChannelBuffer,
  insertSample,
  MAX_BUFFERED_SAMPLES,
} from './channel-buffer.ts';
import { rowWidth } from './columns.ts';
import { fitsReference, referenceSnapshot } from './reference.ts';
import { hasCountWindows, MAX_WINDOW_SAMPLES, type TelemetrySpec } from './spec.ts';
import { fitsUpstream, upstreamSnapshot } from './upstream-state.ts';

const numbers = z.array(z.number()).max(MAX_BUFFERED_SAMPLES);

const channel = z
  .strictObject({
    /** The first time and the steps from each to the next, where they add up to the very bits. */
    steps: numbers.optional(),
    /** The times themselves, else. */
    times: numbers.optional(),
    values: numbers,
    /** Time and value of the newest sample that was dropped. */
    dropped: z.tuple([z.number(), z.number()]).optional(),
    /** Time since which the value has been that, where a statistic asks for it. */
    droppedSince: z.number().optional(),
  })
  .refine(
    ({ steps, times, values }) =>
      (steps === undefined) !== (times === undefined) && (steps ?? times)!.length === values.length,
    'as many times as values',
  );

const clock = z.strictObject({ count: z.int().min(0), time: z.number() });

const asset = z.strictObject({
  asset: z.string().max(1024),
  latest: z.number(),
  clock,
  channels: z.array(channel),
  /** Windows by time: when the next row is due. */
  due: z.number().optional(),
  /** Windows by count: samples still to come before the next row, and the times of the last ones. */
  remaining: z.int().min(0).max(MAX_WINDOW_SAMPLES).optional(),
  instants: channel.optional(),
  late: clock.optional(),
  /** What it was like in the beginning, where rows are measured against that. */
  reference: referenceSnapshot.optional(),
});

const snapshotSchema = z.strictObject({
  version: z.literal(1),
  /** The spec that it holds for, as JSON. */
  spec: z.string(),
  outdated: z.int().min(0),
  clockJumps: z.int().min(0),
  assets: z.array(asset),
  /** Rows that tell of assets upstream. */
  upstream: upstreamSnapshot.optional(),
});

type ChannelSnapshot = z.infer<typeof channel>;
export type AssetSnapshot = z.infer<typeof asset>;
/** Plain data: `JSON.parse(JSON.stringify(snapshot))` is the same snapshot. */
export type RowAssemblerSnapshot = z.infer<typeof snapshotSchema>;

/** The same value with the fields of every object in alphabetical order. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.entries(value).filter(([, own]) => own !== undefined);
  const inOrder = fields.sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(inOrder.map(([name, own]) => [name, sorted(own)]));
}

/** The spec in a fixed order of fields, whatever order a bundle or a file has. */
export function specKey(spec: TelemetrySpec): string {
  const { channels, statistics, ...rest } = spec;
  return JSON.stringify([
    channels.map(({ name, unit, holdMs, ...others }) => {
      const own = sorted(others) as object;
      return [
        name,
        unit,
        ...(holdMs === undefined ? [] : [holdMs]),
        ...(Object.keys(own).length === 0 ? [] : [own]),
      ];
    }),
    statistics,
    Object.entries(sorted(rest) as object),
  ]);
}

/**
 * Checks a snapshot against the spec that is to go on from it.
 *
 * @throws {InputError} `snapshot-invalid`.
 */
export function checkSnapshot(spec: TelemetrySpec, snapshot: unknown): RowAssemblerSnapshot {
  const result = snapshotSchema.safeParse(snapshot);
  if (!result.success) {
    const [{ path, message }] = result.error.issues;
    throw new InputError('snapshot-invalid', 'The snapshot of the windows is not usable', {
      field: ['snapshot', ...path.map(String)].join('.'),
      allowed: message,
    });
  }
  const key = specKey(spec);
  if (result.data.spec !== key) {
    throw new InputError('snapshot-invalid', 'The snapshot was taken of other windows', {
      field: 'snapshot.spec',
      value: result.data.spec,
      allowed: key,
    });
  }
  const isWhole = (item: AssetSnapshot) =>
    item.channels.length === spec.channels.length &&
    fitsReference(item.reference, spec.reference, spec.channels.length) &&
    (hasCountWindows(spec)
      ? item.remaining !== undefined && item.instants !== undefined && item.late !== undefined
      : item.due !== undefined);
  const index = result.data.assets.findIndex((item) => !isWhole(item));
  if (index >= 0) {
    throw new InputError('snapshot-invalid', 'The snapshot of an asset is not whole', {
      field: `snapshot.assets.${index}`,
      value: result.data.assets[index].asset,
      allowed: `${spec.channels.length} channels, what is due${spec.reference === undefined ? '' : ' and a reference'}`,
    });
  }
  const columns = spec.upstream?.columns.length ?? 0;
  const { upstream = [] } = result.data;
  if (!fitsUpstream(upstream, rowWidth(spec), columns)) {
    throw new InputError('snapshot-invalid', 'The rows that wait for others are not whole', {
      field: 'snapshot.upstream',
      allowed: `rows of ${rowWidth(spec)} numbers, ${columns} of each asset upstream`,
    });
  }
  return result.data;
}

/** Undefined where rounding would change a time. */
function stepsOf(times: readonly number[]): number[] | undefined {
  const steps = times.map((time, i) => (i === 0 ? time : time - times[i - 1]));
  return steps.every((step, i) => i === 0 || times[i - 1] + step === times[i]) ? steps : undefined;
}

export function packChannel(buffer: ChannelBuffer): ChannelSnapshot {
  const { begin, end } = buffer;
  const held = buffer.times.slice(begin, end);
  const steps = stepsOf(held);
  return {
    ...(steps === undefined ? { times: held } : { steps }),
    values: buffer.values.slice(begin, end),
    ...(buffer.droppedTime === -Infinity
      ? {}
      : { dropped: [buffer.droppedTime, buffer.droppedValue] }),
    ...(Number.isNaN(buffer.droppedSince) ? {} : { droppedSince: buffer.droppedSince }),
  };
}

export function unpackChannel(
  { steps, times, values, dropped, droppedSince = Number.NaN }: ChannelSnapshot,
  followsChanges = false,
): ChannelBuffer {
  const buffer = createChannelBuffer(followsChanges);
  if (dropped !== undefined) [buffer.droppedTime, buffer.droppedValue] = dropped;
  buffer.droppedSince = droppedSince;
  let time = 0;
  for (let i = 0; i < values.length; i++) {
    time = steps === undefined ? times![i] : i === 0 ? steps[i] : time + steps[i];
    insertSample(buffer, time, values[i]);
  }
  return buffer;
}
