// From a remembered bundle to a model that runs: the signature is looked at again, and the bytes.
import { InputError } from '@dandan/shared/error';
import { type PointedBundle, type Pointer, verifyPointer } from '@dandan/shared/release';
import { type LocalModel, loadModel } from '../cascade/index.ts';
import type { ModelUpdateConfig, UpdateParts } from './context.ts';
import type { SignedBundle } from './document.ts';

export type LoadResult =
  | { readonly kind: 'ready'; readonly model: LocalModel; readonly pointer: Pointer }
  /** The file is not here or not what was released: it can be fetched again. */
  | { readonly kind: 'unsound' }
  | { readonly kind: 'unusable'; readonly reason: string };

/** One that was vouched for is the same in every figure. */
const same = (a: PointedBundle, b: PointedBundle | null) =>
  b !== null && a.sha256 === b.sha256 && a.header === b.header && a.bytes === b.bytes;

/** Never throws for what is wrong with the bundle, its statement or its file. */
export async function loadSigned(
  signed: SignedBundle,
  config: ModelUpdateConfig,
  { store, keys }: Pick<UpdateParts, 'store' | 'keys'>,
): Promise<LoadResult> {
  const { model: name, channel } = config;
  const { envelope, bundle } = signed;
  try {
    const pointer = await verifyPointer({ envelope, keys: await keys(), model: name, channel });
    if (!same(bundle, pointer.bundle) && !same(bundle, pointer.fallback)) {
      return { kind: 'unusable', reason: 'pointer-mismatch: nobody signed this bundle' };
    }
    const opened = await store.open(bundle, config.stages);
    if (opened.kind !== 'ready') return { kind: 'unsound' };
    const model = await loadModel(opened);
    if (model.name === name) return { kind: 'ready', model, pointer };
    return { kind: 'unusable', reason: `pointer-mismatch: a bundle of the model '${model.name}'` };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return { kind: 'unusable', reason: `${error.code}: ${error.message}` };
  }
}
