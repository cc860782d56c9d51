// A manifest with the thresholds and the promise of a certification.
import type { DraftManifest } from '@dandan/shared/bundle';
import { certificateOf } from './certificate.ts';
import type { Certification } from './certify.ts';

/**
 * Both policies stop by the certified thresholds; the promise is the day's, since the night may end
 * before the last stage.
 *
 * @param stopShares share of validation nodes that stop at each stage.
 */
export function applyCertification<M extends DraftManifest>(
  manifest: M,
  certification: Certification,
  stopShares: readonly number[],
): M {
  const thresholds = [...certification.thresholds];
  const { day, night } = manifest.policies;
  return {
    ...manifest,
    stages: manifest.stages.map((stage, k) => ({
      ...stage,
      validation: { ...stage.validation, stopShare: stopShares[k] },
    })),
    policies: {
      day: { ...day, thresholds, certificate: certificateOf(certification) },
      night: { ...night, thresholds, certificate: null },
    },
  };
}
