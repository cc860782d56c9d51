// `telemetry` of plant.yaml: which files hold readings, and what their columns are.
import { checkTableLayout, tableLayoutFields } from '@dandan/shared/telemetry-table';
import * as z from 'zod';
import { relativePath } from './fields.ts';

/** One for each kind of export a plant has. */
const MAX_SOURCES = 32;

const source = z
  .strictObject({
    /**
     * Files relative to plant.yaml; `*` stands for any characters, `{asset}`, `{run}` and `{set}`
     * for a part of the name that says so. .csv, .tsv, .txt (also .gz), .parquet.
     */
    files: z.union([relativePath, z.array(relativePath).min(1)]),
    ...tableLayoutFields,
  })
  .superRefine(checkTableLayout);

export const telemetrySection = z.array(source).min(1).max(MAX_SOURCES);

export type TelemetryFiles = z.output<typeof source>;
