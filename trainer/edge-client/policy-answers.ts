// What the command line reads of the edge's answers about policies.
import { policyDocumentSchema } from '@dandan/shared/policy';
import * as z from 'zod';

const version = z.object({ model: z.string(), version: z.number(), created: z.string() });

export const policyListAnswer = z.object({ policies: z.array(version) });

export const policyAnswer = version.extend({ document: policyDocumentSchema });

export const decisionAnswer = z.object({
  local: z.string(),
  policy: z.string(),
  maxStage: z.number().nullable(),
  reasons: z.array(z.object({ text: z.string() })),
  nextChange: z.string().nullable(),
});

const side = z.object({
  nodes: z.number(),
  policies: z.record(z.string(), z.number()),
  exits: z.array(z.number()),
  macs: z.number(),
  usd: z.number(),
  agreement: z.number().nullable(),
});

export const dryRunAnswer = z.object({
  model: z.string(),
  date: z.string(),
  timeZone: z.string(),
  was: side,
  wouldBe: side,
  moved: z.number(),
  estimated: z.number(),
  hours: z.array(z.object({ local: z.string(), was: side, wouldBe: side })),
  notes: z.array(z.string()),
});

export type PolicyAnswer = z.infer<typeof policyAnswer>;
export type DecisionAnswer = z.infer<typeof decisionAnswer>;
export type DryRunAnswer = z.infer<typeof dryRunAnswer>;
