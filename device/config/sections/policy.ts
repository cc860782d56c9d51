// Which policy holds: a name, a file with a policy document, or the document itself.
import {
  POLICY_NAMES,
  type PolicyDocument,
  type PolicyName,
  policyDocumentSchema,
} from '@dandan/shared/policy';
import * as z from 'zod';
import { path } from './fields.ts';

const fileSchema = z.strictObject({ file: path });

export type PolicySection = PolicyName | { readonly file: string } | PolicyDocument;

/** Each complaint names the field of the one form that was meant, not of all three. */
export const policySection = z
  .unknown()
  .transform((value, context): PolicySection => {
    const isObject = typeof value === 'object' && value !== null;
    const form = !isObject
      ? z.enum(POLICY_NAMES)
      : 'file' in value
        ? fileSchema
        : policyDocumentSchema;
    const read = (form as z.ZodType<PolicySection>).safeParse(value);
    if (read.success) return read.data;
    for (const { path: at, message } of read.error.issues) {
      const allowed = isObject
        ? message
        : `${POLICY_NAMES.join(' or ')}, {file: …}, or a policy document`;
      context.addIssue({ code: 'custom', path: at, message: allowed });
    }
    return z.NEVER;
  })
  .prefault('day');
