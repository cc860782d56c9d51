// What a row knows beyond its own channels: how it differs from the machines before it, and where
// its machine stands.
import * as z from 'zod';
import { STATISTICS } from './channel-spec.ts';

/** A gateway has hundreds of assets; their names and positions travel in the bundle's header. */
export const MAX_SPEC_ASSETS = 1000;

/** A machine fed by more than this is a warehouse. */
const MAX_UPSTREAM = 16;

const MAX_UPSTREAM_COLUMNS = 256;

/** NOSMOG's positions have 64 coordinates; a row of more than these is mostly position. */
export const MAX_POSITIONS = 256;

/** A thousand assets of 16 coordinates: some 300 kB of the header's megabyte. */
const MAX_POSITION_NUMBERS = 16_384;

/** Coordinates are of unit size; beyond this a float32 would no longer tell neighbours apart. */
const MAX_COORDINATE = 1e6;

/** A level of a topic, as the wire has assets. */
const asset = z.string().regex(/^[A-Za-z0-9_.:-]{1,64}$/, 'letters, digits, _ . : - (1..64)');

export const upstreamSpec = z
  .strictObject({
    /** Which assets feed which, by asset; they report on the same gateway and to the same model. */
    assets: z.record(asset, z.array(asset).max(MAX_UPSTREAM)),
    /** Columns of the row of which it tells the difference, too. */
    columns: z
      .array(z.strictObject({ channel: z.string(), statistic: z.enum(STATISTICS) }))
      .min(1)
      .max(MAX_UPSTREAM_COLUMNS),
  })
  .superRefine(({ assets, columns }, context) => {
    const issue = (path: (string | number)[], message: string) =>
      context.addIssue({ code: 'custom', path, message });
    const entries = Object.entries(assets);
    if (entries.length === 0 || entries.length > MAX_SPEC_ASSETS) {
      issue(['assets'], `must be 1..${MAX_SPEC_ASSETS} assets`);
    }
    for (const [name, own] of entries) {
      if (own.includes(name)) issue(['assets', name], 'an asset is not upstream of itself');
      if (new Set(own).size < own.length) issue(['assets', name], 'an asset is named twice');
    }
    const names = columns.map(({ channel, statistic }) => `${channel}.${statistic}`);
    if (new Set(names).size < names.length) issue(['columns'], 'a column is named twice');
  });

export const positionSpec = z
  .strictObject({
    dimensions: z.int().min(1).max(MAX_POSITIONS),
    /** Coordinates by asset; those of any other asset are missing. */
    assets: z.record(asset, z.array(z.number().min(-MAX_COORDINATE).max(MAX_COORDINATE))),
  })
  .superRefine(({ dimensions, assets }, context) => {
    const entries = Object.entries(assets);
    const issue = (path: string[], message: string) =>
      context.addIssue({ code: 'custom', path, message });
    const largest = Math.min(MAX_SPEC_ASSETS, Math.floor(MAX_POSITION_NUMBERS / dimensions));
    if (entries.length === 0 || entries.length > largest) {
      issue(['assets'], `must be 1..${largest} assets of ${dimensions} coordinates`);
    }
    for (const [name, { length }] of entries) {
      if (length !== dimensions) issue(['assets', name], `must hold ${dimensions} numbers`);
    }
  });

export type UpstreamSpec = Readonly<z.infer<typeof upstreamSpec>>;
export type PositionSpec = Readonly<z.infer<typeof positionSpec>>;
