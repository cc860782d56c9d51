// Schemas of kept explanations.
import { explainResponseSchema } from '@dandan/shared/wire';
import * as z from 'zod';
import { described, named } from '../openapi/documented.ts';

const time = z.iso.datetime();
const code = z.int().min(0).max(127);

const key = described(
  'The key that asked, by the name it had then',
  z.object({ id: z.string(), name: z.string() }),
);

export const explanationListSchema = named(
  'ExplanationList',
  z.object({
    explanations: z.array(
      z.object({
        number: described('Ascends with time', z.int().min(1)),
        id: z.string(),
        at: time,
        key,
        model: z.string(),
        bundle: z.string(),
        policy: z.string(),
        rows: z.int().min(1),
        bytes: z.int().min(1),
        sha256: described('Of the record', z.string()),
      }),
    ),
  }),
);

export const explanationRecordSchema = named(
  'ExplanationRecord',
  z.object({
    ...explainResponseSchema.omit({ record: true }).shape,
    id: z.string(),
    at: time,
    key,
    rows: described(
      'Codes of each row; of a sparse one its columns beside them',
      z.array(
        z.union([
          z.array(code),
          z.object({ indices: z.array(z.int().min(0)), codes: z.array(code) }),
        ]),
      ),
    ),
  }),
);
