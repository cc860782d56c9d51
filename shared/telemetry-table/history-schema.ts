// What plant.yaml says of telemetry: the part of it that trainer and gateway read alike.
import * as z from 'zod';
import { isTimeZone } from '../time-zone/index.ts';
import { checkTableLayout, tableLayoutFields } from './layout.ts';

/** One for each kind of export a plant has. */
const MAX_SOURCES = 32;

const MAX_PATH_CHARACTERS = 1024;

const path = z
  .string()
  .min(1)
  .max(MAX_PATH_CHARACTERS)
  .refine((text) => !text.includes('\0'), 'no zero bytes');

const source = z
  .strictObject({
    /**
     * Files relative to plant.yaml; `*` stands for any characters, `{asset}`, `{run}` and `{set}`
     * for a part of the name that says so. .csv, .tsv, .txt (also .gz), .parquet.
     */
    files: z.union([path, z.array(path).min(1)]),
    ...tableLayoutFields,
  })
  .superRefine(checkTableLayout);

export const tableSourcesSchema = z.array(source).min(1).max(MAX_SOURCES);

/** A project for whoever needs nothing but its telemetry; the trainer checks the rest. */
export const historySchema = z.looseObject({
  timeZone: z.string().refine(isTimeZone, 'an IANA time zone, e.g. Asia/Tokyo').default('UTC'),
  telemetry: tableSourcesSchema,
  channels: z.array(z.looseObject({ name: z.string(), unit: z.string().default('') })).optional(),
});
