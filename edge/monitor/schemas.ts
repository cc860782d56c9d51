// Schemas of audits that gateways send.
import { POLICY_NAMES } from '@dandan/shared/policy';
import * as z from 'zod';
import { named } from '../openapi/documented.ts';

export const monitorStateSchema = z.object({
  alpha: z.number(),
  delta: z.number(),
  audits: z.int().min(0),
  disagreements: z.int().min(0),
  evidence: z.number(),
  alarmed: z.iso.datetime().nullable(),
});

export const auditSampleSchema = named(
  'AuditSample',
  z.object({
    model: z.string(),
    bundle: z.string(),
    policy: z.enum(POLICY_NAMES),
    audits: z.int().min(1),
    disagreements: z.int().min(0),
    /** False where the edge has no meter to keep what it found. */
    counted: z.boolean(),
    /** A sample of this key had the same Idempotency-Key; it counts once. */
    repeated: z.boolean(),
    /** `null`: the policy has no certificate. */
    monitor: monitorStateSchema.nullable(),
  }),
);
