// What a site tells of its rows: counts and rounded sums, never a row, a time or an asset.
import { MAX_CLASSES, MAX_STAGES } from '@dandan/shared/bundle';
import * as z from 'zod';
import { GRID_VERSION, LOG_TEMPERATURES, THRESHOLDS } from './grids.ts';
import { MAX_SITE_ROWS } from './limits.ts';

export const SUMMARY_SCHEMA = 1;

const sha256 = z.string().regex(/^[0-9a-f]{64}$/, '64 lower-case hex digits');
const count = z.int().min(0).max(MAX_SITE_ROWS);

export const siteNameSchema = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'lower-case letters, digits and -, at most 63');

/** What happens to the calibration rows under one threshold. */
const thresholdSchema = z.strictObject({
  /** Rows whose class differs from the full cascade's. */
  disagreements: count,
  /** The same by class of the full cascade; `null` where the class is withheld. */
  perClass: z.array(count.nullable()).max(MAX_CLASSES),
  /** Rows that stop at each stage. */
  stops: z.array(count).min(1).max(MAX_STAGES),
});

const contentSchema = z.strictObject({
  /** Calibration rows. */
  rows: count,
  /** By class of the full cascade; `null`: withheld, for it has few. */
  rowsPerClass: z.array(count.nullable()).max(MAX_CLASSES),
  /** One entry per threshold of the grid, safest first. */
  thresholds: z.array(thresholdSchema).length(THRESHOLDS.length),
  /** Of labelled rows; `null`: too few of them. */
  temperatures: z
    .strictObject({
      rows: count,
      /** [stages][grid]: sum of the negative log-likelihood, thousandths of a nat. */
      nll: z
        .array(
          z
            .array(
              z
                .int()
                .min(0)
                .max(Number.MAX_SAFE_INTEGER / 1000),
            )
            .length(LOG_TEMPERATURES.length),
        )
        .max(MAX_STAGES),
    })
    .nullable(),
});

const common = {
  kind: z.literal('dandan-site-summary'),
  schema: z.literal(SUMMARY_SCHEMA),
  /** Grids of thresholds and temperatures. */
  grid: z.literal(GRID_VERSION),
  site: siteNameSchema,
  /** SHA-256 of the bundle that answered. */
  bundle: sha256,
};

export const summarySchema = z.discriminatedUnion('form', [
  z.strictObject({ ...common, form: z.literal('plain'), content: contentSchema }),
  z.strictObject({
    ...common,
    form: z.literal('masked'),
    /** SHA-256 of the roster whose sites' masks cancel. */
    roster: sha256,
    /** Base64 of uint64 LE: the content's numbers plus masks, modulo 2⁶⁴. */
    sums: z.string().max(14 * 1024 * 1024),
  }),
]);

export type SiteSummary = z.infer<typeof summarySchema>;
export type PlainSummary = Extract<SiteSummary, { form: 'plain' }>;
export type MaskedSummary = Extract<SiteSummary, { form: 'masked' }>;
export type SummaryContent = z.infer<typeof contentSchema>;
