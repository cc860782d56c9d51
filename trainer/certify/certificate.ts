// What the manifest keeps of a certification.
import type { Certificate } from '@dandan/shared/bundle';
import type { Certification } from './certify.ts';

/** The promise behind a policy's thresholds; `null` where nothing could be promised. */
export function certificateOf(certification: Certification): Certificate | null {
  const { promises, delta, method, counts } = certification;
  if (counts === undefined) return null;
  const { alpha, worstClass, escalation } = promises;
  return {
    alpha,
    delta,
    n: counts.n,
    method,
    disagreements: counts.disagreements,
    ...(worstClass !== undefined && { worstClass }),
    ...(escalation !== undefined && { escalation }),
  };
}
