// The layout of a bundle follows from its manifest alone: names and order of the
// tensors, and where each stage ends. A header that says otherwise is refused, so
// the hashes in the manifest cover every byte that a stage is read from.
import { InputError } from '../error/index.ts';
import { INPUT_MULTIPLIER, INPUT_OFFSET, layerTensors } from './bundle.ts';
import type { Manifest } from './manifest.ts';
import type { Safetensors } from './parse-safetensors.ts';

/** Names of a stage's tensors in file order; stage 1 begins with the input tensors. */
function stageTensors(stage: number, hiddenLayers: number): string[] {
  const layers = [...Array(hiddenLayers).keys(), 'head' as const];
  const own = layers.flatMap((layer) => Object.values(layerTensors(stage, layer)));
  return stage === 1 ? [INPUT_OFFSET, INPUT_MULTIPLIER, ...own] : own;
}

/**
 * Checks the tensors of a file against its manifest.
 *
 * @throws {InputError} `bundle-tensor-invalid` for a tensor that is missing, out of order
 * or not described, `bundle-manifest-invalid` for a stage that ends elsewhere.
 */
export function checkLayout(file: Safetensors, manifest: Manifest): void {
  const found = [...file.tensors];
  let position = 0;
  let end = 0;
  for (const [index, { hidden, endByte }] of manifest.stages.entries()) {
    for (const expected of stageTensors(index + 1, hidden.length)) {
      const [name, info] = found[position++] ?? [];
      if (name !== expected || info === undefined) {
        throw new InputError(
          'bundle-tensor-invalid',
          `Tensor ${position} of the file is ${name ?? 'missing'}, not ${expected}`,
          { field: expected, value: name, allowed: expected },
        );
      }
      end = info.end;
    }
    if (endByte !== end) {
      throw new InputError('bundle-manifest-invalid', `Stage ${index + 1} ends at byte ${end}`, {
        field: `manifest.stages.${index}.endByte`,
        value: endByte,
        allowed: `${end}`,
      });
    }
  }
  if (position < found.length) {
    const [name] = found[position];
    throw new InputError('bundle-tensor-invalid', `The manifest knows no tensor '${name}'`, {
      field: name,
      allowed: 'only the tensors of the stages',
    });
  }
}
