// Schemas of what the routes of policies take and give.
import { modelNameSchema } from '@dandan/shared/bundle';
import { POLICY_NAMES, policyDocumentSchema } from '@dandan/shared/policy';
import * as z from 'zod';
import { described, named } from '../openapi/documented.ts';
import { ALL_MODELS } from './policy-store.ts';

export const documentSchema = named('PolicyDocument', policyDocumentSchema);

const MODEL = `a model's name, or ${ALL_MODELS} for all models without a document of their own, e.g. "press"`;

export const policyParams = z.object({
  model: z
    .string()
    .refine((name) => name === ALL_MODELS || modelNameSchema.safeParse(name).success, MODEL),
});

const wholeNumber = z.coerce.number().int().min(1);

const ETAG = 'the quoted version that is to be replaced, e.g. "3"';

/** As in RFC 9110; only one version is ever the current one. */
export const preconditionHeaders = z.object({
  'if-match': described(
    'The version to replace, quoted',
    z.string().regex(/^"[1-9]\d{0,8}"$/, ETAG),
  ).optional(),
  'if-none-match': described(
    '`*`: only where there is no document yet',
    z.literal('*', 'only *, e.g. *'),
  ).optional(),
});

export const versionQuery = z.strictObject({ version: wholeNumber.optional() });

const time = z.iso.datetime();

export const policyVersionSchema = named(
  'PolicyVersion',
  z.object({ model: z.string(), version: z.int().min(1), created: time }),
);

export const storedPolicySchema = named(
  'StoredPolicy',
  z.object({ model: z.string(), version: z.int().min(1), created: time, document: documentSchema }),
);

export const policyListSchema = named(
  'PolicyList',
  z.object({ policies: z.array(policyVersionSchema) }),
);

const AT = 'a time of the years 2000 to 2099 with its offset, e.g. "2026-12-31T22:00:00+09:00"';
const isInRange = (text: string) => {
  const at = Date.parse(text);
  return at >= Date.UTC(2000, 0, 1) && at < Date.UTC(2100, 0, 1);
};

const LEAST = 'a number, at least 0, e.g. 0.5';

export const decisionQuery = z.strictObject({
  at: described(
    'Time to look at; now by default',
    z.iso.datetime({ offset: true, error: AT }).refine(isInRange, AT),
  ).optional(),
  load: described(
    'Load in the measure of the document; what the answering isolate sees by default for now, 0 for another time',
    z.coerce.number(LEAST).min(0, LEAST).max(1e12, LEAST),
  ).optional(),
  spent: described(
    'Share of the ceiling that is spent; what the answering isolate knows by default for now, 0 for another time',
    z.coerce.number(LEAST).min(0, LEAST).max(1e6, LEAST),
  ).optional(),
});

const policy = z.enum(POLICY_NAMES);
const maxStage = z.int().min(1).nullable();

export const decisionSchema = named(
  'PolicyDecision',
  z.object({
    model: z.string(),
    document: described('Whose document, and which version', policyVersionSchema),
    at: time,
    local: described('Wall clock at `at` in the time zone of the document', z.string()),
    policy,
    maxStage: described('Deepest stage that load and cost leave; null: no cap', maxStage),
    reasons: z.array(z.object({ code: z.string(), text: z.string() })),
    nextChange: described('When the calendar gives another policy; null: never', time.nullable()),
    load: described(
      'In the measure of the document; null: the edge does not measure it',
      z.number().nullable(),
    ),
    spent: described('Share of the ceiling; null: the document has none', z.number().nullable()),
  }),
);

const DATE = 'a date, e.g. "2026-11-25"';

export const dryRunQuery = z.strictObject({
  date: described(
    'Local date of the traffic; yesterday by default',
    z.iso.date(DATE).regex(/^20/, DATE),
  ).optional(),
});

const nodes = z.number().min(0);

const sideSchema = z.object({
  nodes,
  policies: described('Nodes by policy', z.record(z.string(), nodes)),
  exits: described('Nodes by the stage at which they stop; index 0 is stage 1', z.array(nodes)),
  macs: z.number().min(0),
  usd: z.number().min(0),
  agreement: described(
    'Share of nodes expected to get the class of the full cascade; null without nodes',
    z.number().min(0).max(1).nullable(),
  ),
});

export const dryRunSchema = named(
  'PolicyDryRun',
  z.object({
    model: z.string(),
    date: z.string(),
    timeZone: z.string(),
    usdPerTeraMacs: described('Price of 10¹² multiply-accumulates', z.number()),
    was: sideSchema,
    wouldBe: sideSchema,
    moved: described('Nodes that would stop at another stage, at least', nodes),
    estimated: described(
      'Nodes whose stage was estimated from the manifest; all others are as counted',
      nodes,
    ),
    hours: z.array(
      z.object({
        start: time,
        local: described('Wall clock', z.string()),
        was: sideSchema,
        wouldBe: sideSchema,
        decisions: z.array(
          z.object({
            from: time,
            local: z.string(),
            policy: z.string(),
            maxStage,
            reason: z.string(),
          }),
        ),
      }),
    ),
    notes: described('What the figures leave open', z.array(z.string())),
  }),
);

export type DryRun = z.infer<typeof dryRunSchema>;
