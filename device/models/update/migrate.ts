// Documents that older programs wrote, as this one reads them.
import { DOCUMENT_SCHEMA, documentSchema, type UpdateDocument } from './document.ts';

type Json = Readonly<Record<string, unknown>>;

const withRole = (bundle: unknown) =>
  bundle === null || bundle === undefined ? null : { role: 'bundle', ...(bundle as Json) };

/** From schema k to k + 1. A step never loses what runs, or how high releases have been. */
const STEPS: Readonly<Record<number, (document: Json) => Json>> = {
  // 1: no time of issue, no reasons of bundles that were given up, releases known by number alone,
  // and what was on its way is fetched again.
  1: ({ highest, rejected, running, lastGood, ...rest }) => ({
    ...rest,
    schema: 2,
    phase: { kind: 'init' },
    running: withRole(running),
    lastGood: withRole(lastGood),
    highest:
      typeof highest === 'number' && highest > 0 ? { release: highest, statement: null } : null,
    issued: 0,
    rows: 0,
    errors: 0,
    rejected: (Array.isArray(rejected) ? rejected : []).map((each: Json) => ({
      reason: 'given up by an older program',
      at: 0,
      ...each,
    })),
  }),
};

export type ReadDocument =
  | { readonly kind: 'document'; readonly document: UpdateDocument }
  /** Written by a newer program: not ours to change. */
  | { readonly kind: 'newer'; readonly schema: number }
  | { readonly kind: 'damaged' };

/** Reads a document of any schema up to ours. */
export function readDocument(json: unknown): ReadDocument {
  if (typeof json !== 'object' || json === null) return { kind: 'damaged' };
  let document: Json = json as Json;
  for (;;) {
    const schema: unknown = document.schema;
    if (!Number.isInteger(schema)) return { kind: 'damaged' };
    if ((schema as number) > DOCUMENT_SCHEMA) return { kind: 'newer', schema: schema as number };
    if (schema === DOCUMENT_SCHEMA) break;
    const step: ((document: Json) => Json) | undefined = STEPS[schema as number];
    if (step === undefined) return { kind: 'damaged' };
    document = step(document);
  }
  const result = documentSchema.safeParse(document);
  return result.success ? { kind: 'document', document: result.data } : { kind: 'damaged' };
}
