// File to model: checks everything a truncated, altered or hostile file could get wrong.
import { InputError } from '../error/index.ts';
import { rowWidth } from '../features/columns.ts';
import { type InputQuantisation, type Layer, MAX_CODE } from '../kernel/index.ts';
import { type Bundle, INPUT_MULTIPLIER, INPUT_OFFSET, layerTensors, type Stage } from './bundle.ts';
import { checkLayout } from './check-layout.ts';
import { sha256Hex } from './hash.ts';
import { MAX_BUNDLE_BYTES, MAX_SCALE } from './limits.ts';
import { type LayerManifest, type Manifest, parseManifest } from './manifest.ts';
import { parseSafetensors, type Safetensors } from './parse-safetensors.ts';
import { readTensor } from './read-tensor.ts';

export interface ReadBundleOptions {
  /**
   * How many stages to load. Fewer than the manifest's K accepts a file cut off
   * after those stages, and does not read beyond them.
   *
   * @default {K}
   */
  readonly stages?: number;
}

function tensorError(name: string, message: string, value: unknown, allowed: string): never {
  throw new InputError('bundle-tensor-invalid', `Tensor '${name}' ${message}`, {
    field: name,
    value,
    allowed,
  });
}

function checkScales(name: string, data: Float32Array): void {
  for (const value of data) {
    if (value > 0 && value <= MAX_SCALE) continue;
    tensorError(name, `holds ${value}`, value, `above 0, at most ${MAX_SCALE}`);
  }
}

function checkFinite(name: string, data: Float32Array): void {
  for (const value of data) {
    if (!Number.isFinite(value)) tensorError(name, `holds ${value}`, value, 'finite');
  }
}

function readLayer(
  bytes: Uint8Array,
  file: Safetensors,
  names: ReturnType<typeof layerTensors>,
  { inputs, outputs }: LayerManifest,
): Layer {
  const bias = readTensor(bytes, file, names.bias, { dtype: 'I32', shape: [outputs] });
  const scale = readTensor(bytes, file, names.scale, { dtype: 'F32', shape: [outputs] });
  const weight = readTensor(bytes, file, names.weight, { dtype: 'I8', shape: [outputs, inputs] });
  checkScales(names.scale, scale);
  if (weight.includes(-MAX_CODE - 1)) {
    tensorError(names.weight, 'holds -128', -128, `-${MAX_CODE}..${MAX_CODE} (symmetric int8)`);
  }
  return { inputs, outputs, bias, scale, weight };
}

/** Input quantisation of a file, which may be cut off behind it. @throws {InputError} `bundle-*`. */
export function readInput(
  bytes: Uint8Array,
  file: Safetensors,
  manifest: Manifest,
): InputQuantisation {
  const { sparse, zeroPoint } = manifest.input;
  const width = rowWidth(manifest.features);
  const shape = [sparse ? 1 : width];
  const offset = readTensor(bytes, file, INPUT_OFFSET, { dtype: 'F32', shape });
  const multiplier = readTensor(bytes, file, INPUT_MULTIPLIER, { dtype: 'F32', shape });
  checkFinite(INPUT_OFFSET, offset);
  checkScales(INPUT_MULTIPLIER, multiplier);
  return { width, sparse, zeroPoint, offset, multiplier };
}

async function checkStageHashes(
  bytes: Uint8Array,
  { dataOffset }: Safetensors,
  stages: Manifest['stages'],
): Promise<void> {
  let begin = 0;
  for (const [index, { endByte, sha256 }] of stages.entries()) {
    const end = dataOffset + endByte;
    if (end > bytes.byteLength) {
      throw new InputError('bundle-truncated', `The file ends before stage ${index + 1}`, {
        field: 'file',
        value: bytes.byteLength,
        allowed: `stages 1..${stages.length}, ${dataOffset + stages[stages.length - 1].endByte} bytes`,
      });
    }
    const actual = await sha256Hex(bytes.subarray(dataOffset + begin, end));
    if (actual !== sha256) {
      throw new InputError('bundle-hash-mismatch', `Stage ${index + 1} of the bundle was altered`, {
        field: `manifest.stages.${index}.sha256`,
        value: actual,
        allowed: sha256,
      });
    }
    begin = endByte;
  }
}

/** The manifest of a file. @throws {InputError} `bundle-manifest-invalid`, `bundle-schema-unsupported`. */
export function readManifest({ metadata }: Safetensors): Manifest {
  const text = metadata.manifest;
  if (text !== undefined) return parseManifest(text);
  throw new InputError('bundle-manifest-invalid', 'The file is no bundle: it has no manifest', {
    field: '__metadata__.manifest',
    allowed: 'a Dandan manifest as JSON',
  });
}

/**
 * Reads a bundle, whole or as a prefix of stages.
 *
 * @throws {InputError} `bundle-*`, naming the field; a file that passes can be run.
 */
export async function readBundle(
  bytes: Uint8Array,
  options: ReadBundleOptions = {},
): Promise<Bundle> {
  if (bytes.byteLength > MAX_BUNDLE_BYTES) {
    throw new InputError('bundle-too-large', `The bundle has ${bytes.byteLength} bytes`, {
      field: 'file',
      value: bytes.byteLength,
      allowed: `at most ${MAX_BUNDLE_BYTES} bytes`,
    });
  }
  const file = parseSafetensors(bytes, { prefix: options.stages !== undefined });
  const manifest = readManifest(file);
  const wanted = options.stages ?? manifest.stages.length;
  if (!Number.isInteger(wanted) || wanted < 1 || wanted > manifest.stages.length) {
    throw new InputError('stage-out-of-range', `The bundle has no ${wanted} stages`, {
      field: 'stages',
      value: wanted,
      allowed: `1..${manifest.stages.length}`,
    });
  }
  checkLayout(file, manifest);
  await checkStageHashes(bytes, file, manifest.stages.slice(0, wanted));
  const stages: Stage[] = manifest.stages.slice(0, wanted).map((stage, index) => ({
    hidden: stage.hidden.map((layer, depth) =>
      readLayer(bytes, file, layerTensors(index + 1, depth), layer),
    ),
    head: readLayer(bytes, file, layerTensors(index + 1, 'head'), stage.head),
    inverseTemperature: Math.fround(1 / stage.temperature),
  }));
  return { manifest, input: readInput(bytes, file, manifest), stages };
}
