// The bundle of a federated step: its bytes, which summaries are bound to, and its shape.
import { type Bundle, readBundle } from '@dandan/shared/bundle';
import type { VectorShape } from '../../../federate/masks/vector.ts';
import { readBundleFile } from '../../read-bundle-file.ts';

export interface OpenedBundle {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly bundle: Bundle;
  readonly shape: VectorShape;
}

/** @throws {InputError} `data-missing`, `bundle-*`. */
export async function openBundle(file: string): Promise<OpenedBundle> {
  const bytes = await readBundleFile(file);
  const bundle = await readBundle(bytes);
  const shape = { classes: bundle.manifest.classes.length, stages: bundle.stages.length };
  return { bytes, bundle, shape };
}
