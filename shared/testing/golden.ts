// One digest for all a cascade computes, to compare runtimes bit by bit: Node,
// workerd and browsers must agree on every class, confidence and exit.
import { readBundle, sha256Hex } from '../bundle/index.ts';
import {
  type CascadeResult,
  createCascade,
  runCascade,
  traceCascade,
  usableKernels,
} from '../cascade/index.ts';
import { type FloatRows, type Kernels, quantiseFloatRows } from '../kernel/index.ts';
import { policyOf } from '../policy/index.ts';
import { createRandom } from '../random/index.ts';
import { decodeQuantisedRows, encodeQuantisedRows } from '../wire/index.ts';
import { kernelDigest } from './kernel-digest.ts';
import { createTestBundle, type TestBundleOptions } from './test-bundle.ts';

/** For the page that this file is bundled into. */
export { calendarDigest } from './calendar-digest.ts';
export { featureDigest } from './feature-digest.ts';
export { lineDigest } from './line-digest.ts';

/** SHA-256, hex, of each step from floats to exits. */
export interface Digests {
  readonly bundle: string;
  /** The quantised rows as an escalation carries them. */
  readonly rows: string;
  /** Class, confidence and MACs of every row at every stage. */
  readonly trace: string;
  /** Class, confidence, stage, stop reason and MACs of every row under the day policy. */
  readonly exits: string;
}

const ROWS = 200;

/** Seeds whose rows stop at every stage and spread over the classes; odd sizes throughout. */
export const GOLDEN_BUNDLES = {
  'paper-dense': {
    structure: 'paper',
    sparse: false,
    seed: 365,
    width: 37,
    classes: 7,
    thresholds: [0.47, 0.31, 0.28],
    units: [5, 16, 31, 64],
  },
  'paper-sparse': {
    structure: 'paper',
    sparse: true,
    seed: 123,
    width: 301,
    classes: 5,
    thresholds: [0.44, 0.29, 0.28],
    units: [5, 16, 31, 64],
  },
  'incremental-dense': {
    structure: 'incremental',
    sparse: false,
    seed: 90,
    width: 24,
    classes: 4,
    thresholds: [0.94, 0.6, 0.5],
    units: [5, 16, 31, 64],
  },
  'additive-dense': {
    structure: 'additive',
    sparse: false,
    seed: 252,
    width: 26,
    classes: 6,
    thresholds: [0.95, 0.84, 0.59],
    units: [5, 16, 31, 64],
  },
  'incremental-sparse': {
    structure: 'incremental',
    sparse: true,
    seed: 155,
    width: 150,
    classes: 9,
    thresholds: [0.24, 0.18, 0.16],
    units: [5, 16, 31, 64],
  },
} as const satisfies Readonly<Record<string, TestBundleOptions>>;

/** Little-endian bytes of typed arrays one after the other. */
function bytesOf(arrays: readonly (Uint8Array | Int32Array | Float32Array | Float64Array)[]) {
  const parts = arrays.map(
    (array) => new Uint8Array(array.buffer, array.byteOffset, array.byteLength),
  );
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let offset = 0;
  for (const part of parts) {
    bytes.set(part, offset);
    offset += part.length;
  }
  return bytes;
}

const exitBytes = ({ classes, confidence, stage, stopped, macs }: CascadeResult) =>
  bytesOf([classes, confidence, stage, stopped, macs]);

/**
 * Digests of a bundle file run over float rows [count, width].
 *
 * @throws {InputError} when the file is no bundle or the rows do not fit it.
 */
export async function digestRun(
  file: Uint8Array,
  rows: FloatRows,
  kernels?: Kernels,
): Promise<Digests> {
  const bundle = await readBundle(file);
  const body = encodeQuantisedRows(quantiseFloatRows(rows, bundle.input));
  const quantised = decodeQuantisedRows(body).rows;
  const cascade = createCascade(bundle, kernels && { kernels });
  const trace = traceCascade(cascade, quantised);
  const { thresholds, maxStage } = policyOf(bundle.manifest, 'day');
  const exits = runCascade(cascade, quantised, { thresholds, maxStage });
  return {
    bundle: await sha256Hex(file),
    rows: await sha256Hex(body),
    trace: await sha256Hex(bytesOf([...trace.classes, ...trace.confidence, ...trace.macs])),
    exits: await sha256Hex(exitBytes(exits)),
  };
}

/** Seeded float rows with what sensors send: zeros, missing values, outliers, infinities. */
export function goldenRows(width: number, sparse: boolean, seed: number): FloatRows {
  const random = createRandom(seed).fork('golden-rows');
  const values = Float32Array.from({ length: ROWS * width }, () => {
    const kind = random.below(100);
    if (kind === 0) return Number.NaN;
    if (kind === 1) return random.below(2) === 0 ? Number.POSITIVE_INFINITY : -1e30;
    if (sparse) return kind < 85 ? 0 : 1 + random.below(60);
    return random.normal() * 2;
  });
  return { count: ROWS, width, values };
}

/** The digests of every golden bundle, by name, on `kernels` (default: those chosen here). */
export async function goldenDigests(kernels?: Kernels): Promise<Record<string, Digests>> {
  const digests: Record<string, Digests> = {};
  for (const [name, options] of Object.entries(GOLDEN_BUNDLES)) {
    const { bytes } = await createTestBundle(options);
    const { width, sparse, seed } = options;
    digests[name] = await digestRun(bytes, goldenRows(width, sparse, seed), kernels);
  }
  return digests;
}

/** {@linkcode kernelDigest} on every kind of kernels that this runtime has, by path. */
export async function kernelDigestsByPath(cases: number): Promise<Record<string, string>> {
  const all: Record<string, string> = {};
  for (const kernels of usableKernels()) all[kernels.path] = await kernelDigest(kernels, cases);
  return all;
}

/** The digests on every kind of kernels that this runtime has, by path. */
export async function digestsByPath(): Promise<Record<string, Record<string, Digests>>> {
  const all: Record<string, Record<string, Digests>> = {};
  for (const kernels of usableKernels()) all[kernels.path] = await goldenDigests(kernels);
  return all;
}
