// RFC 9457 problem details, as every error answer of the edge.
import * as z from 'zod';

export const problemSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  /** Stable machine-readable code. */
  code: z.string(),
  field: z.string().optional(),
  value: z.json().optional(),
  allowed: z.string().optional(),
});

export type Problem = z.infer<typeof problemSchema>;
