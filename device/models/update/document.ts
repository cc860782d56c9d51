// What is remembered of one model on one channel: what runs, what to go back to, how far the next
// bundle has come. It is written at every transition, so that it is what a power cut leaves.
import { modelNameSchema } from '@dandan/shared/bundle';
import { envelopeSchema, pointedBundleSchema } from '@dandan/shared/release';
import { channelNameSchema } from '@dandan/shared/wire';
import * as z from 'zod';

/** Raised where an older program would misread a document; see `migrate.ts`. */
export const DOCUMENT_SCHEMA = 2;

/** Releases that were given up and are still remembered: far more than a channel sees in a year. */
export const MAX_REJECTED = 16;

/** A reason is read in a table of the edge. */
export const MAX_REASON = 200;

const milliseconds = z.number();
const count = z.int().min(0);
const releaseNumber = z.int().min(1).max(Number.MAX_SAFE_INTEGER);
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** A bundle and the statement that vouches for it. */
export const signedBundleSchema = z.object({
  release: releaseNumber,
  bundle: pointedBundleSchema,
  /** Which of the two bundles of the statement it is. */
  role: z.enum(['bundle', 'fallback']),
  envelope: envelopeSchema,
});

export const markSchema = z.object({
  release: releaseNumber,
  /**
   * SHA-256 of the statement: the same one may be read again, another of its number may not.
   * `null`: an older program did not keep it.
   */
  statement: sha256.nullable(),
});

export const phaseSchema = z.discriminatedUnion('kind', [
  /** Nothing is under way. */
  z.object({ kind: z.literal('init') }),
  z.object({ kind: z.literal('download'), target: signedBundleSchema, since: milliseconds }),
  /** All bytes are here. */
  z.object({ kind: z.literal('verify'), target: signedBundleSchema }),
  /** Runs on live rows beside the one that is served. */
  z.object({
    kind: z.literal('canary'),
    target: signedBundleSchema,
    since: milliseconds,
    /** Starts of the program since then that followed no orderly stop. */
    restarts: count,
  }),
  /** Is served, on probation. */
  z.object({
    kind: z.literal('commit'),
    since: milliseconds,
    restarts: count,
    /** A newer release waits until this one has proved itself or failed. */
    next: signedBundleSchema.nullable(),
  }),
  /** The bundle before it is to be served again. */
  z.object({ kind: z.literal('rollback'), from: sha256, reason: z.string() }),
]);

export const rejectedSchema = z.object({
  release: releaseNumber,
  bundle: sha256,
  reason: z.string(),
  at: milliseconds,
});

export const documentSchema = z.object({
  schema: z.literal(DOCUMENT_SCHEMA),
  model: modelNameSchema,
  channel: channelNameSchema,
  /** The newest statement that was ever verified. */
  highest: markSchema.nullable(),
  /** When it was issued: no clock is earlier. */
  issued: milliseconds,
  running: signedBundleSchema.nullable(),
  /** Proved good before the running one, and is kept to go back to. */
  lastGood: signedBundleSchema.nullable(),
  phase: phaseSchema,
  /** Rows that the running bundle has answered, and those that ended in an error. */
  rows: count,
  errors: count,
  /** Given up here; a later release may bring the same bundle again. Newest last. */
  rejected: z.array(rejectedSchema).max(MAX_REJECTED),
});

export type SignedBundle = z.infer<typeof signedBundleSchema>;
export type Mark = z.infer<typeof markSchema>;
export type Phase = z.infer<typeof phaseSchema>;
export type UpdateDocument = z.infer<typeof documentSchema>;

export function emptyDocument(model: string, channel: string): UpdateDocument {
  return {
    schema: DOCUMENT_SCHEMA,
    model,
    channel,
    highest: null,
    issued: 0,
    running: null,
    lastGood: null,
    phase: { kind: 'init' },
    rows: 0,
    errors: 0,
    rejected: [],
  };
}

/** The bundle that is on its way, if one is. */
export function targetOf({ phase }: UpdateDocument): SignedBundle | undefined {
  return 'target' in phase ? phase.target : undefined;
}
