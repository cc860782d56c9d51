// What is remembered of assets that feed others or are fed: in memory, and as plain data for JSON.
import * as z from 'zod';
import { MAX_UPSTREAM_OVERLAP } from './window-checks.ts';

/** A row that is built but for its differences from upstream. */
export interface WaitingRow {
  readonly time: number;
  readonly values: Float32Array;
  /** What the assets upstream say, as far as they have said it, by asset. */
  readonly heard: Map<string, Float32Array>;
  /** Those that may still say it. */
  readonly open: Set<string>;
}

export interface AssetUpstream {
  /** What it says itself, by time: of the last window. */
  readonly said: Map<number, Float32Array>;
  /** What those upstream said longer ago, of times that it has no row of yet, by time and asset. */
  readonly heard: Map<number, Map<string, Float32Array>>;
  /** Its rows in their order. */
  waiting: WaitingRow[];
}

export function emptyUpstream(): AssetUpstream {
  return { said: new Map(), heard: new Map(), waiting: [] };
}

/** Numbers as the bits of float32: JSON has no NaN. */
const bits = z.array(z.int().min(0).max(0xffff_ffff));
const byAsset = z.array(z.tuple([z.string().max(1024), bits])).max(64);

/** Rows of a window, of one that is to come, and those built at once when an asset speaks again. */
const MAX_TIMES = 4 * MAX_UPSTREAM_OVERLAP;

export const upstreamSnapshot = z.array(
  z.strictObject({
    asset: z.string().max(1024),
    said: z.array(z.tuple([z.number(), bits])).max(MAX_TIMES),
    heard: z.array(z.tuple([z.number(), byAsset])).max(MAX_TIMES),
    waiting: z
      .array(
        z.strictObject({
          time: z.number(),
          values: bits,
          heard: byAsset,
          open: z.array(z.string().max(1024)).max(64),
        }),
      )
      .max(MAX_TIMES),
  }),
);

export type UpstreamSnapshot = z.infer<typeof upstreamSnapshot>;

const toBits = (values: Float32Array) => [...new Uint32Array(Float32Array.from(values).buffer)];
const fromBits = (numbers: readonly number[]) => new Float32Array(Uint32Array.from(numbers).buffer);

const packByAsset = (map: ReadonlyMap<string, Float32Array>) =>
  [...map].map(([asset, values]): [string, number[]] => [asset, toBits(values)]);
const unpackByAsset = (entries: z.infer<typeof byAsset>) =>
  new Map(entries.map(([asset, numbers]) => [asset, fromBits(numbers)]));

/** In the order of names: which asset spoke first is no part of the state. */
export function packUpstream(states: ReadonlyMap<string, AssetUpstream>): UpstreamSnapshot {
  return [...states]
    .filter(([, { said, heard, waiting }]) => said.size + heard.size + waiting.length > 0)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([asset, { said, heard, waiting }]) => ({
      asset,
      said: [...said].map(([time, values]) => [time, toBits(values)]),
      heard: [...heard].map(([time, own]) => [time, packByAsset(own)]),
      waiting: waiting.map((row) => ({
        time: row.time,
        values: toBits(row.values),
        heard: packByAsset(row.heard),
        open: [...row.open],
      })),
    }));
}

export function unpackUpstream(snapshot: UpstreamSnapshot): Map<string, AssetUpstream> {
  return new Map(
    snapshot.map(({ asset, said, heard, waiting }) => [
      asset,
      {
        said: new Map(said.map(([time, numbers]) => [time, fromBits(numbers)])),
        heard: new Map(heard.map(([time, own]) => [time, unpackByAsset(own)])),
        waiting: waiting.map((row) => ({
          time: row.time,
          values: fromBits(row.values),
          heard: unpackByAsset(row.heard),
          open: new Set(row.open),
        })),
      },
    ]),
  );
}

/** Whether a snapshot's rows are as wide as the spec's, and what it heard as long as asked for. */
export function fitsUpstream(snapshot: UpstreamSnapshot, width: number, columns: number): boolean {
  const areColumns = ([, numbers]: readonly [unknown, readonly number[]]) =>
    numbers.length === columns;
  return snapshot.every(
    ({ said, heard, waiting }) =>
      said.every(areColumns) &&
      heard.every(([, own]) => own.every(areColumns)) &&
      waiting.every((row) => row.values.length === width && row.heard.every(areColumns)),
  );
}
