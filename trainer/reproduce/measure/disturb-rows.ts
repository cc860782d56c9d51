// Rows as they arrive when sensors are noisy, dead, moved or drifting: in their own units, before
// anything is scaled, as a gateway meets them.
import type { FloatRows } from '@dandan/shared/kernel';
import type { Random } from '@dandan/shared/random';
import type { ChannelColumns } from '../../graph/channel-columns.ts';
import type { NodePlaces } from '../../graph/graph-data.ts';

/**
 * Unit of `level`. `noise`: deviations of every column, added to every row anew. `silence`: share
 * of the channels that say nothing, drawn for every row anew. `shift`: deviations by which every
 * channel of an asset reads too high or too low, all the time. `drift`: the same at the end of the
 * rows' time, growing from nothing at its beginning.
 */
export const DISTURBANCE_KINDS = ['noise', 'silence', 'shift', 'drift'] as const;
export type DisturbanceKind = (typeof DISTURBANCE_KINDS)[number];

export interface Disturbance {
  readonly kind: DisturbanceKind;
  readonly level: number;
}

export interface DisturbRowsOptions {
  /** X of all nodes. */
  readonly rows: FloatRows;
  /** Those that are wanted. */
  readonly nodes: Int32Array;
  readonly disturbance: Disturbance;
  readonly channels: readonly ChannelColumns[];
  /** Deviation per column. */
  readonly deviation: ArrayLike<number>;
  /** Without them every row is of an asset of its own, at a time of its own. */
  readonly places?: NodePlaces | undefined;
  readonly random: Random;
}

function addNoise(values: Float32Array, width: number, options: DisturbRowsOptions): void {
  const { channels, deviation, disturbance, random } = options;
  const columns = channels.flatMap((channel) => channel.columns);
  for (let at = 0; at < values.length; at += width) {
    for (const j of columns) values[at + j] += disturbance.level * deviation[j] * random.normal();
  }
}

function silence(values: Float32Array, width: number, options: DisturbRowsOptions): void {
  const { channels, disturbance, random } = options;
  for (let at = 0; at < values.length; at += width) {
    for (const { columns, missing } of channels) {
      if (random.next() >= disturbance.level) continue;
      for (const j of columns) values[at + j] = Number.NaN;
      for (const j of missing) values[at + j] = 1;
    }
  }
}

/** Up or down, for every channel of an asset. */
const directions = (channels: number, random: Random) =>
  Array.from({ length: channels }, () => (random.next() < 0.5 ? -1 : 1));

/** How much of the time has passed at each node, 0..1. */
function sharesOfTime({ nodes, places, random }: DisturbRowsOptions): Float64Array {
  if (!places) return Float64Array.from(nodes, () => random.next());
  const times = Float64Array.from(nodes, (node) => places.time[node]);
  const from = times.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const to = times.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  return times.map((time) => (to === from ? 1 : (time - from) / (to - from)));
}

function move(values: Float32Array, width: number, options: DisturbRowsOptions): void {
  const { nodes, channels, deviation, disturbance, places, random } = options;
  const { kind, level } = disturbance;
  const byAsset = places?.assets.map(() => directions(channels.length, random));
  const shares = kind === 'drift' ? sharesOfTime(options) : undefined;
  nodes.forEach((node, i) => {
    const signs =
      byAsset && places ? byAsset[places.asset[node]] : directions(channels.length, random);
    channels.forEach(({ level: columns }, c) => {
      // In the channel's own unit: all its levels move by as much.
      const offset = signs[c] * level * (shares?.[i] ?? 1) * deviation[columns[0]];
      for (const j of columns) values[i * width + j] += offset;
    });
  });
}

/** The rows of `nodes`, in that order. The same random numbers give the same rows. */
export function disturbRows(options: DisturbRowsOptions): FloatRows {
  const { rows, nodes, disturbance } = options;
  const { width } = rows;
  const values = new Float32Array(nodes.length * width);
  nodes.forEach((node, i) => {
    values.set(rows.values.subarray(node * width, (node + 1) * width), i * width);
  });
  if (disturbance.level > 0) {
    if (disturbance.kind === 'noise') addNoise(values, width, options);
    else if (disturbance.kind === 'silence') silence(values, width, options);
    else move(values, width, options);
  }
  return { count: nodes.length, width, values };
}
