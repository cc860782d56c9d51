// The bundle as the gateway runs it: its first stages, its name, its policies.
import { readFile, stat } from 'node:fs/promises';
import { MAX_BUNDLE_BYTES, parseSafetensors, readBundle, sha256Hex } from '@dandan/shared/bundle';
import { type Cascade, createCascade, exitLimits } from '@dandan/shared/cascade';
import { InputError } from '@dandan/shared/error';
import type { TelemetrySpec } from '@dandan/shared/features';
import { type PolicyName, policyOf } from '@dandan/shared/policy';
import { checkPointedBundle, type PointedBundle } from '@dandan/shared/release';

export interface LoadModelOptions {
  /** The whole bundle, or at least its first `stages` stages. */
  readonly file: string;
  /** `all`: every stage of the bundle. */
  readonly stages: number | 'all';
  /** SHA-256 of the whole bundle; needed where `file` holds a part of it. */
  readonly sha256?: string | undefined;
  /** What `file` holds, where it was read already. @default {read from `file`} */
  readonly bytes?: Uint8Array | undefined;
  /** What a signed pointer says of the bundle: the very bytes that are run are held to it. */
  readonly pointed?: PointedBundle | undefined;
}

/** What a policy makes of a model on this gateway. */
export interface LocalPolicy {
  /** As the cascade compares them: made once, since rows come in small batches. */
  readonly thresholds: Float32Array;
  /** Deepest stage of the whole cascade under the policy. */
  readonly deepest: number;
}

export interface LocalModel {
  readonly cascade: Cascade;
  /** SHA-256 of the whole bundle: its name. */
  readonly sha256: string;
  readonly name: string;
  readonly spec: TelemetrySpec;
  /** Stages at hand. */
  readonly stages: number;
  readonly policies: Readonly<Record<PolicyName, LocalPolicy>>;
}

async function readBytes(file: string): Promise<Uint8Array> {
  try {
    const { size } = await stat(file);
    if (size <= MAX_BUNDLE_BYTES) return new Uint8Array(await readFile(file));
  } catch (cause) {
    throw new InputError('data-missing', `Cannot read the bundle ${file}`, {
      field: 'models.file',
      value: file,
      allowed: 'a readable bundle, as `dandan train` writes it',
      cause,
    });
  }
  throw new InputError('bundle-too-large', `The bundle ${file} is too large`, {
    field: 'models.file',
    value: file,
    allowed: `at most ${MAX_BUNDLE_BYTES} bytes`,
  });
}

/**
 * The name of the whole bundle, computed where the whole is at hand. All its stages are
 * checked then: an altered one would give a name that no edge knows.
 */
async function nameOf(bytes: Uint8Array, stated: string | undefined): Promise<string> {
  const { fileBytes } = parseSafetensors(bytes, { prefix: true });
  if (bytes.byteLength < fileBytes) {
    if (stated !== undefined) return stated;
    throw new InputError('config-invalid', 'The file holds only the first stages of its bundle', {
      field: 'models.sha256',
      allowed: 'the SHA-256 of the whole bundle',
    });
  }
  await readBundle(bytes);
  const actual = await sha256Hex(bytes);
  if (stated === undefined || stated === actual) return actual;
  throw new InputError('bundle-hash-mismatch', 'The file is not the bundle that was asked for', {
    field: 'models.sha256',
    value: actual,
    allowed: stated,
  });
}

/**
 * Loads stages 1..`stages` of a bundle.
 *
 * @throws {InputError} `bundle-*`, `stage-out-of-range`, `data-missing`, or `config-invalid`
 * when the model does not read telemetry or its name is unknown.
 */
export async function loadModel(options: LoadModelOptions): Promise<LocalModel> {
  const { file, stages, pointed, sha256 = pointed?.sha256 } = options;
  const bytes = options.bytes ?? (await readBytes(file));
  if (pointed !== undefined) {
    await checkPointedBundle(bytes, pointed, { prefix: bytes.byteLength < pointed.bytes });
  }
  const bundle = await readBundle(bytes, stages === 'all' ? {} : { stages });
  const { features, model } = bundle.manifest;
  if (features.kind !== 'telemetry') {
    throw new InputError('config-invalid', `The model '${model}' does not read telemetry`, {
      field: 'models.file',
      value: features.kind,
      allowed: 'a bundle whose features are of kind telemetry',
    });
  }
  const policyFor = (policy: PolicyName): LocalPolicy => {
    const { maxStage, thresholds } = policyOf(bundle.manifest, policy);
    return { thresholds: exitLimits(thresholds), deepest: maxStage };
  };
  return {
    cascade: createCascade(bundle),
    sha256: await nameOf(bytes, sha256),
    name: model,
    spec: features,
    stages: bundle.stages.length,
    policies: { day: policyFor('day'), night: policyFor('night') },
  };
}
