// Schemas of hard cases.
import { modelNameSchema } from '@dandan/shared/bundle';
import { POLICY_NAMES } from '@dandan/shared/policy';
import * as z from 'zod';
import { HARD_REASONS } from '../metrics/flush.ts';
import { described, named } from '../openapi/documented.ts';
import { sha256Schema } from '../openapi/schemas.ts';

const time = z.iso.datetime();

/** `open`: nobody has looked. `skipped`: somebody did and gave no label. */
export const CASE_STATES = ['open', 'labelled', 'skipped'] as const;

export type CaseState = (typeof CASE_STATES)[number];

export const EXPORT_FORMATS = ['csv', 'ndjson'] as const;

/** Cases of one page. */
export const MAX_CASE_PAGE = 200;

const device = z.string().max(128);

export const hardCaseQuery = z.strictObject({
  model: modelNameSchema.optional(),
  bundle: sha256Schema.optional(),
  device: device.optional(),
  reason: z.enum(HARD_REASONS).optional(),
  answer: described('Class as it was answered', z.string().max(128).optional()),
  state: described('Default: open', z.enum([...CASE_STATES, 'all']).optional()),
  after: described('The `next` of the page before', z.string().max(128).optional()),
  limit: z.coerce.number().int().min(1).max(MAX_CASE_PAGE).optional(),
});

export const exportQuery = z.strictObject({
  model: modelNameSchema,
  bundle: sha256Schema.optional(),
  format: described('Default: csv', z.enum(EXPORT_FORMATS).optional()),
  state: described('Default: labelled', z.enum(['labelled', 'all']).optional()),
});

export const caseParams = z.object({ id: sha256Schema });

/** Cells that a spreadsheet would run, and the −1 that means no label to the trainer. */
const UNSAFE_START = /^[=+\-@]/;

export const newLabelSchema = z
  .string()
  .regex(/^[^\p{Cc}\p{Cs}]{1,128}$/u, '1..128 characters, none of them control characters')
  .refine((label) => label.trim() === label, 'no space at either end')
  .refine((label) => !UNSAFE_START.test(label), 'no =, +, - or @ at the start');

export const labelRequestSchema = named(
  'LabelRequest',
  z.strictObject({
    label: described(
      'A class of the bundle; `null` leaves the case without a label, for good or until another call',
      z.string().min(1).max(128).nullable(),
    ),
    new: described('Take a label that is no class of the bundle', z.boolean().optional()),
  }),
);

export const hardCaseSchema = named(
  'HardCase',
  z.object({
    id: sha256Schema,
    model: z.string(),
    bundle: sha256Schema,
    policy: z.enum(POLICY_NAMES),
    at: time,
    reason: z.enum(HARD_REASONS),
    key: z.string(),
    device: z.string().nullable(),
    answer: z.string(),
    confidence: z.number().min(0).max(1),
    fullAnswer: described(
      'What the full cascade says, where that is another',
      z.string().nullable(),
    ),
    state: z.enum(CASE_STATES),
    label: z.string().nullable(),
    newLabel: described('The label is no class of the bundle', z.boolean()),
    labelled: time.nullable(),
  }),
);

export const hardCaseListSchema = named(
  'HardCaseList',
  z.object({
    cases: z.array(hardCaseSchema),
    next: described('`after` of the next page; null at the end', z.string().nullable()),
  }),
);

export const hardCaseDetailSchema = named(
  'HardCaseDetail',
  hardCaseSchema.extend({
    row: described(
      'The values that its codes stand for, as explain takes them; null: the bundle is gone',
      z
        .union([
          z.array(z.number()),
          z.object({ indices: z.array(z.int().min(0)), values: z.array(z.number()) }),
        ])
        .nullable(),
    ),
    names: described('Of the values of `row`', z.array(z.string())),
  }),
);

export type HardCase = z.infer<typeof hardCaseSchema>;
export type HardCaseDetail = z.infer<typeof hardCaseDetailSchema>;
