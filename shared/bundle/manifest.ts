// The manifest: everything about a model version that is not a weight.
import * as z from 'zod';
import { featureReferenceSchema } from '../drift/reference.ts';
import { InputError } from '../error/index.ts';
import { rowWidth } from '../features/columns.ts';
import { featureSpecSchema, MAX_FEATURES } from '../features/spec.ts';
import { MAX_CLASSES, MAX_STAGES, MAX_TEMPERATURE, MAX_WIDTH, MIN_TEMPERATURE } from './limits.ts';
import { parseJson } from './parse-json.ts';

/** Raised when a reader of the old number could misread the file. */
export const MANIFEST_SCHEMA = 1;

const sha256 = z.string().regex(/^[0-9a-f]{64}$/, '64 lower-case hex digits');
const fraction = z.number().min(0).max(1);
const positive = z.number().positive();

/** Names appear in URLs and MQTT topics. */
export const modelNameSchema = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'lower-case letters, digits and -, at most 63');

/** The promise behind a policy's thresholds (Learn-then-Test, arXiv 2110.01052). */
export const certificateSchema = z.strictObject({
  /** Largest fraction of nodes that may differ from the full cascade. */
  alpha: fraction,
  /** Probability, over the calibration draw, that the promise fails. */
  delta: fraction,
  /** Calibration nodes that the test was made on, used neither as labels nor for tuning. */
  n: z.int().min(1),
  method: z.enum(['fixed-sequence', 'pareto']),
  /** Disagreements seen on these nodes at the returned thresholds. */
  disagreements: z.int().min(0),
  /** Also promised: `alpha` within every class, as the full cascade assigns them. */
  worstClass: fraction.optional(),
  /** Also promised: at most this share of nodes climbs beyond the gateway's stages. */
  escalation: z
    .strictObject({ stages: z.int().min(1).max(MAX_STAGES), limit: fraction })
    .optional(),
});

const policy = z.strictObject({
  /** Deepest stage this policy runs. */
  maxStage: z.int().min(1).max(MAX_STAGES),
  /** λ_k for k = 1..K−1; `null`: stage k never stops a node. */
  thresholds: z.array(fraction.nullable()).max(MAX_STAGES),
  /** `null`: no promise could be certified or none was asked for. */
  certificate: certificateSchema.nullable(),
});

const layer = z.strictObject({
  inputs: z
    .int()
    .min(1)
    .max(MAX_FEATURES + MAX_WIDTH),
  outputs: z.int().min(1).max(MAX_WIDTH),
  /** Scale of the 7-bit activations this layer writes; `null` for a head, whose logits are float32. */
  activationScale: positive.nullable(),
});

const stage = z.strictObject({
  hidden: z.array(layer).min(1).max(8),
  head: layer,
  /** T_k of the stage's softmax, fitted on validation NLL. */
  temperature: z.number().min(MIN_TEMPERATURE).max(MAX_TEMPERATURE),
  /** Multiply-accumulates of this stage alone for one node of average sparsity. */
  macs: z.int().min(0),
  /** End of the stage's tensors in the data section: the prefix 1..k of the file ends here. */
  endByte: z.int().min(1),
  /** SHA-256 of the stage's bytes in the data section (stage 1 includes the input tensors). */
  sha256,
  /** Measured when the bundle was built, on nodes the training did not see; fractions. */
  validation: z.strictObject({
    accuracy: fraction,
    /** Share of nodes that stop here under the `day` policy. */
    stopShare: fraction,
    /** Share of nodes that get the same class as from the full cascade. */
    agreement: fraction,
  }),
});

export const manifestSchema = z
  .strictObject({
    schema: z.literal(MANIFEST_SCHEMA),
    model: modelNameSchema,
    version: z.string().min(1).max(64),
    created: z.iso.datetime(),
    classes: z.array(z.string().min(1).max(128)).min(2).max(MAX_CLASSES),
    features: featureSpecSchema,
    input: z.strictObject({
      /** Sparse rows list their non-zero columns; a dense row lists all. */
      sparse: z.boolean(),
      /** 7-bit code of a standardised 0; always 0 for sparse rows. */
      zeroPoint: z.int().min(0).max(127),
      /** Mean number of non-zero columns of a training row, for cost estimates. */
      meanNonZeros: z.number().min(0),
    }),
    /**
     * What stage k reads and answers. `paper`: units of [x ‖ h_{k−1}], logits of them. `incremental`:
     * units of [x ‖ h_{k−1}], which join h_k; logits of h_k. `additive`: units of x; logits of them,
     * added to those of stage k−1.
     */
    structure: z.enum(['paper', 'incremental', 'additive']),
    stages: z.array(stage).min(1).max(MAX_STAGES),
    policies: z.strictObject({ day: policy, night: policy }),
    /** Features of the training rows, to see drift by; older bundles have none. */
    reference: featureReferenceSchema.optional(),
    /** Where the model came from; free-form figures for people, not for programs. */
    provenance: z.record(z.string(), z.json()),
  })
  .superRefine((manifest, context) => {
    const issue = (path: (string | number)[], message: string) =>
      context.addIssue({ code: 'custom', path, message });
    const width = rowWidth(manifest.features);
    const { structure, reference } = manifest;
    if ((reference?.features.at(-1)?.column ?? 0) >= width) {
      issue(['reference', 'features'], `must be of the ${width} columns`);
    }
    let previous = 0;
    manifest.stages.forEach(({ hidden, head }, index) => {
      let inputs = structure === 'additive' ? width : width + previous;
      hidden.forEach((entry, depth) => {
        if (entry.inputs !== inputs) {
          issue(['stages', index, 'hidden', depth, 'inputs'], `must be ${inputs}`);
        }
        if (entry.activationScale === null) {
          issue(['stages', index, 'hidden', depth, 'activationScale'], 'must be a number');
        }
        inputs = entry.outputs;
      });
      const reads = structure === 'incremental' ? previous + inputs : inputs;
      if (head.inputs !== reads) issue(['stages', index, 'head', 'inputs'], `must be ${reads}`);
      if (head.outputs !== manifest.classes.length) {
        issue(['stages', index, 'head', 'outputs'], `must be ${manifest.classes.length}`);
      }
      previous = reads;
    });
    for (const name of ['day', 'night'] as const) {
      const { maxStage, thresholds } = manifest.policies[name];
      const stages = manifest.stages.length;
      if (maxStage > stages) issue(['policies', name, 'maxStage'], `must be at most ${stages}`);
      const gateway = manifest.policies[name].certificate?.escalation?.stages ?? 1;
      if (gateway > stages) {
        issue(
          ['policies', name, 'certificate', 'escalation', 'stages'],
          `must be at most ${stages}`,
        );
      }
      if (thresholds.length !== stages - 1) {
        issue(['policies', name, 'thresholds'], `must hold ${stages - 1} thresholds`);
      }
    }
  });

export type Manifest = z.infer<typeof manifestSchema>;
export type Structure = Manifest['structure'];
export type StageManifest = Manifest['stages'][number];
export type LayerManifest = StageManifest['head'];
export type PolicyManifest = Manifest['policies']['day'];
export type Certificate = NonNullable<PolicyManifest['certificate']>;

/**
 * Validates a manifest that came as JSON text.
 *
 * @throws {InputError} `bundle-schema-unsupported` when the schema number is not ours,
 * `bundle-manifest-invalid` naming the first offending field otherwise.
 */
export function parseManifest(text: string): Manifest {
  let json: unknown;
  try {
    json = parseJson(text);
  } catch (cause) {
    throw new InputError('bundle-manifest-invalid', 'The manifest is not JSON', {
      field: '__metadata__.manifest',
      allowed: 'a JSON object',
      cause,
    });
  }
  const schema = (json as { schema?: unknown } | null)?.schema;
  if (schema !== MANIFEST_SCHEMA) {
    throw new InputError(
      'bundle-schema-unsupported',
      `The bundle has another manifest schema; this program reads ${MANIFEST_SCHEMA}`,
      { field: 'manifest.schema', value: schema, allowed: `${MANIFEST_SCHEMA}` },
    );
  }
  const result = manifestSchema.safeParse(json);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new InputError('bundle-manifest-invalid', `The manifest is invalid: ${issue?.message}`, {
    field: ['manifest', ...(issue?.path ?? [])].join('.'),
    allowed: issue?.message,
  });
}
