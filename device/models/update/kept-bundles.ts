// Which bundles of the store are still of use: what runs, what to go back to, what is on its way.

import { pointedBundleSchema } from '@dandan/shared/release';
import * as z from 'zod';
import { type SignedBundle, targetOf, type UpdateDocument } from './document.ts';

/** The statement was verified before it was remembered; here it only names files to keep. */
const namedSchema = z.object({ fallback: pointedBundleSchema.nullable() });

function fallbackOf({ envelope }: SignedBundle): string[] {
  try {
    const text = Buffer.from(envelope.payload, 'base64').toString('utf8');
    const { fallback } = namedSchema.parse(JSON.parse(text));
    return fallback === null ? [] : [fallback.sha256];
  } catch {
    return [];
  }
}

/** SHA-256 of every bundle that a document may still need. */
export function keptBundles(document: UpdateDocument): string[] {
  const { running, lastGood, phase } = document;
  const waiting = phase.kind === 'commit' ? phase.next : null;
  const own = [running, lastGood, targetOf(document) ?? null, waiting].filter(
    (each) => each !== null,
  );
  return own.flatMap((signed) => [signed.bundle.sha256, ...fallbackOf(signed)]);
}
