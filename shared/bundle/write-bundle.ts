// Model to file: tensors stage by stage, so that the first s stages are a prefix.
import { rowWidth } from '../features/columns.ts';
import type { InputQuantisation, Layer } from '../kernel/index.ts';
import { INPUT_MULTIPLIER, INPUT_OFFSET, layerTensors, type Stage } from './bundle.ts';
import { sha256Hex } from './hash.ts';
import { type Manifest, manifestSchema } from './manifest.ts';
import { type TensorData, writeSafetensors } from './write-safetensors.ts';

type DraftStage = Omit<Manifest['stages'][number], 'endByte' | 'sha256'>;

/** A manifest before the writer has measured the stages. */
export type DraftManifest = Omit<Manifest, 'stages'> & {
  readonly stages: readonly DraftStage[];
};

export interface WriteBundleOptions {
  readonly manifest: DraftManifest;
  readonly input: InputQuantisation;
  readonly stages: readonly Stage[];
}

function layerData(stage: number, name: number | 'head', layer: Layer): TensorData[] {
  const names = layerTensors(stage, name);
  const { inputs, outputs, bias, scale, weight } = layer;
  return [
    { name: names.bias, dtype: 'I32', shape: [outputs], data: bias },
    { name: names.scale, dtype: 'F32', shape: [outputs], data: scale },
    { name: names.weight, dtype: 'I8', shape: [outputs, inputs], data: weight },
  ];
}

/** The manifest describes what the file holds, or no reader would open it. */
function checkStage({ hidden, head, inverseTemperature }: Stage, entry: DraftStage): void {
  const fits = (layer: Layer, { inputs, outputs }: DraftStage['head']) =>
    layer.inputs === inputs &&
    layer.outputs === outputs &&
    layer.weight.length === inputs * outputs &&
    layer.bias.length === outputs &&
    layer.scale.length === outputs;
  if (
    hidden.length !== entry.hidden.length ||
    !hidden.every((layer, depth) => fits(layer, entry.hidden[depth])) ||
    !fits(head, entry.head)
  ) {
    throw new Error('Cannot write a bundle whose layers differ from its manifest');
  }
  if (inverseTemperature !== Math.fround(1 / entry.temperature)) {
    throw new Error(
      `Cannot write a bundle with inverse temperature ${inverseTemperature} where the manifest has temperature ${entry.temperature}`,
    );
  }
}

function concatenate(tensors: readonly TensorData[]): Uint8Array {
  const bytes = new Uint8Array(tensors.reduce((sum, { data }) => sum + data.byteLength, 0));
  let offset = 0;
  for (const { data } of tensors) {
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), offset);
    offset += data.byteLength;
  }
  return bytes;
}

/**
 * Serialises a bundle. Same input, same bytes.
 *
 * @returns the file and its SHA-256, which is the bundle's name.
 * @throws {Error} when the manifest does not fit the stages: a bug of the caller.
 */
export async function writeBundle(
  options: WriteBundleOptions,
): Promise<{ bytes: Uint8Array<ArrayBuffer>; sha256: string }> {
  const { manifest, input, stages } = options;
  if (stages.length !== manifest.stages.length) {
    throw new Error(`Cannot write ${stages.length} stages, manifest has ${manifest.stages.length}`);
  }
  const columns = manifest.input.sparse ? 1 : rowWidth(manifest.features);
  if (input.offset.length !== columns || input.multiplier.length !== columns) {
    throw new Error(`Cannot write input quantisation that has not ${columns} columns`);
  }
  const tensors: TensorData[] = [];
  const measured: Manifest['stages'] = [];
  let endByte = 0;
  for (const [index, stage] of stages.entries()) {
    checkStage(stage, manifest.stages[index]);
    const number = index + 1;
    const own: TensorData[] = [
      ...stage.hidden.flatMap((layer, depth) => layerData(number, depth, layer)),
      ...layerData(number, 'head', stage.head),
    ];
    if (index === 0) {
      own.unshift(
        { name: INPUT_OFFSET, dtype: 'F32', shape: [columns], data: input.offset },
        { name: INPUT_MULTIPLIER, dtype: 'F32', shape: [columns], data: input.multiplier },
      );
    }
    const data = concatenate(own);
    endByte += data.byteLength;
    tensors.push(...own);
    measured.push({ ...manifest.stages[index], endByte, sha256: await sha256Hex(data) });
  }
  const complete = manifestSchema.parse({ ...manifest, stages: measured });
  const bytes = writeSafetensors(tensors, { manifest: JSON.stringify(complete) });
  return { bytes, sha256: await sha256Hex(bytes) };
}
