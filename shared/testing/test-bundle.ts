// Small random but valid bundles for the tests of every part. No test-only
// shortcut: they pass through the same writer as trained ones.
import {
  type Bundle,
  type Certificate,
  type DraftManifest,
  readBundle,
  type Stage,
  type Structure,
  writeBundle,
} from '../bundle/index.ts';
import { createReference } from '../drift/index.ts';
import { rowWidth, type TelemetrySpec } from '../features/index.ts';
import type { Layer, QuantisedRows } from '../kernel/index.ts';
import { createRandom, type Random } from '../random/index.ts';

export interface TestBundleOptions {
  /** @default {1} */
  readonly seed?: number;
  /** @default {false} */
  readonly sparse?: boolean;
  /** @default {'incremental'} */
  readonly structure?: Structure;
  /** Units of each stage's hidden layer. @default {[8, 8, 16]} */
  readonly units?: readonly number[];
  /** Columns of a row; ignored when `telemetry` is given. @default {12} */
  readonly width?: number;
  /** @default {3} */
  readonly classes?: number;
  /** Their names. @default {class-0, class-1, …} */
  readonly classNames?: readonly string[];
  /** λ_k of the day policy. @default {all 0.6} */
  readonly thresholds?: readonly (number | null)[];
  /** Rows are built from telemetry by this spec. */
  readonly telemetry?: TelemetrySpec;
  /** @default {'test-model'} */
  readonly model?: string;
  /** Of the day policy. @default {none} */
  readonly certificate?: Certificate;
  /** Rows that stand for those of the training, by their input. @default {no reference} */
  readonly trainedOn?: (input: Bundle['input']) => QuantisedRows;
}

export interface TestBundle {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly sha256: string;
  readonly bundle: Bundle;
}

function randomLayer(random: Random, inputs: number, outputs: number, gain: number): Layer {
  return {
    inputs,
    outputs,
    weight: Int8Array.from({ length: inputs * outputs }, () => random.below(255) - 127),
    bias: Int32Array.from({ length: outputs }, () => random.below(4001) - 2000),
    scale: Float32Array.from({ length: outputs }, () => (gain * (0.5 + random.next())) / inputs),
  };
}

/** A bundle with random weights that behaves like a trained one: mixed exits, all classes. */
export async function createTestBundle(options: TestBundleOptions = {}): Promise<TestBundle> {
  const { seed = 1, sparse = false, structure = 'incremental', units = [8, 8, 16] } = options;
  const { telemetry, model = 'test-model', classNames } = options;
  const classes = classNames?.length ?? options.classes ?? 3;
  const width = telemetry ? rowWidth(telemetry) : (options.width ?? 12);
  const thresholds = options.thresholds ?? units.slice(1).map(() => 0.6);
  const random = createRandom(seed);
  const stages: Stage[] = [];
  let previous = 0;
  for (const outputs of units) {
    const reads = structure === 'incremental' ? previous + outputs : outputs;
    const hears = structure === 'additive' ? 0 : previous;
    stages.push({
      hidden: [randomLayer(random, width + hears, outputs, 0.02)],
      head: randomLayer(random, reads, classes, 0.004),
      inverseTemperature: Math.fround(1 / 0.5),
    });
    previous = reads;
  }
  const policy = { maxStage: units.length, thresholds: [...thresholds], certificate: null };
  const { certificate = null } = options;
  const manifest: DraftManifest = {
    schema: 1,
    model,
    version: `test-${seed}`,
    created: '2026-01-01T00:00:00Z',
    classes: Array.from({ length: classes }, (_, c) => classNames?.[c] ?? `class-${c}`),
    features: telemetry ?? { kind: 'table', columns: width },
    input: { sparse, zeroPoint: sparse ? 0 : 64, meanNonZeros: width },
    structure,
    stages: stages.map(({ hidden, head }) => ({
      hidden: hidden.map(({ inputs, outputs }) => ({ inputs, outputs, activationScale: 0.05 })),
      head: { inputs: head.inputs, outputs: head.outputs, activationScale: null },
      temperature: 0.5,
      macs: hidden[0].inputs * hidden[0].outputs + head.inputs * head.outputs,
      validation: { accuracy: 0.8, stopShare: 1 / units.length, agreement: 0.9 },
    })),
    policies: { day: { ...policy, certificate }, night: { ...policy, maxStage: 1 } },
    provenance: { note: 'random weights for tests' },
  };
  const columns = sparse ? 1 : width;
  const input = {
    width,
    sparse,
    zeroPoint: manifest.input.zeroPoint,
    offset: new Float32Array(columns),
    multiplier: new Float32Array(columns).fill(sparse ? 1 : 16),
  };
  const rows = options.trainedOn?.(input);
  const reference =
    rows &&
    createReference(
      rows,
      Int32Array.from({ length: rows.count }, (_, i) => i),
    );
  const { bytes, sha256 } = await writeBundle({
    manifest: reference ? { ...manifest, reference } : manifest,
    input,
    stages,
  });
  return { bytes, sha256, bundle: await readBundle(bytes) };
}

/** Random quantised rows that fit a bundle's input. Sparse rows hold about a quarter of the columns. */
export function createTestRows(
  input: { readonly width: number; readonly sparse: boolean },
  count: number,
  seed = 1,
): QuantisedRows {
  const random = createRandom(seed).fork('rows');
  const { width } = input;
  if (!input.sparse) {
    const codes = Uint8Array.from({ length: count * width }, () => random.below(128));
    return { kind: 'dense', count, width, codes };
  }
  const offsets = new Int32Array(count + 1);
  const indices: number[] = [];
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < width; j++) if (random.below(4) === 0) indices.push(j);
    offsets[i + 1] = indices.length;
  }
  const codes = Uint8Array.from(indices, () => 1 + random.below(127));
  return { kind: 'sparse', count, width, offsets, indices: Int32Array.from(indices), codes };
}
