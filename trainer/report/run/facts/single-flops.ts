// What the single MLPs cost that a cascade stands beside.
import type { Manifest } from '@dandan/shared/bundle';
import { rowWidth } from '@dandan/shared/features';
import * as z from 'zod';

/** Older bundles do not say it. */
const optionsSchema = z.object({
  options: z.object({
    widths: z.array(z.int().min(1)).min(1),
    hiddenLayers: z.int().min(1),
  }),
});

/**
 * FLOPs of a node in the plain MLP and in GLNN, two for each multiply-accumulate: hidden layers as
 * wide as all stages of the cascade together. `undefined` where the bundle does not tell the widths.
 */
export function singleFlops(manifest: Manifest): number | undefined {
  const parsed = optionsSchema.safeParse(manifest.provenance);
  if (!parsed.success) return undefined;
  const { widths, hiddenLayers } = parsed.data.options;
  const width = widths[widths.length - 1];
  const { sparse, meanNonZeros } = manifest.input;
  const columns = sparse ? meanNonZeros : rowWidth(manifest.features);
  return 2 * width * (columns + (hiddenLayers - 1) * width + manifest.classes.length);
}
