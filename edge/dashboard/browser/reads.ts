// Reads that several pages share.
import { edge, isMissing } from './api.ts';

export type Manifest = Awaited<ReturnType<typeof read>>;

const read = (model: string, sha256: string) =>
  edge('get', '/v1/models/{model}/bundles/{sha256}/manifest', { params: { model, sha256 } });

const kept = new Map<string, Promise<Manifest>>();

/** The manifest of a bundle, which never changes; `undefined` where its file was let go. */
export async function manifestOf(model: string, sha256: string): Promise<Manifest | undefined> {
  const reading = kept.get(sha256) ?? read(model, sha256);
  kept.set(sha256, reading);
  try {
    return await reading;
  } catch (error) {
    kept.delete(sha256);
    if (isMissing(error)) return undefined;
    throw error;
  }
}

export const modelNames = async (): Promise<string[]> =>
  (await edge('get', '/v1/models')).models.map(({ model }) => model);
