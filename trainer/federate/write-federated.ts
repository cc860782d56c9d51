// A bundle with the thresholds, or the temperatures, that sites have agreed on by their counts.
import { type Bundle, writeBundle } from '@dandan/shared/bundle';
import { applyCertification } from '../certify/apply-certification.ts';
import type { Certification } from '../certify/certify.ts';
import type { Guarantee } from './certify-sites.ts';
import { THRESHOLDS } from './grids.ts';
import type { SummaryContent } from './summary.ts';

/** What the provenance keeps of a federated step. */
export interface FederatedNote {
  readonly sites: readonly string[];
  readonly rows: number;
  readonly guarantee: Guarantee;
}

/** Share of the calibration rows that stop at each stage. */
function stopSharesOf(pooled: SummaryContent, { thresholds }: Certification): number[] {
  const [shared] = thresholds;
  const early = thresholds.length;
  const at = shared === null || shared === undefined ? -1 : THRESHOLDS.indexOf(shared);
  const stops =
    at < 0 ? [...Array<number>(early).fill(0), pooled.rows] : pooled.thresholds[at].stops;
  return stops.map((count) => count / Math.max(1, pooled.rows));
}

/** The bundle with certified thresholds, or with none where nothing was certified. */
export function writeCertified(
  { manifest, input, stages }: Bundle,
  pooled: SummaryContent,
  certification: Certification,
  note: FederatedNote,
) {
  const certified = applyCertification(
    manifest,
    certification,
    stopSharesOf(pooled, certification),
  );
  const federated = { ...note, sites: [...note.sites] };
  return writeBundle({
    manifest: { ...certified, provenance: { ...manifest.provenance, federated } },
    input,
    stages,
  });
}

/**
 * The bundle with other temperatures. Its confidences are others now: what was certified before is
 * void, and every node runs to the last stage until thresholds are certified anew.
 */
export function writeTemperatures(
  { manifest, input, stages }: Bundle,
  temperatures: readonly number[],
) {
  const never = stages.slice(1).map(() => null);
  const { day, night } = manifest.policies;
  return writeBundle({
    manifest: {
      ...manifest,
      stages: manifest.stages.map((stage, k) => ({ ...stage, temperature: temperatures[k] })),
      policies: {
        day: { ...day, thresholds: never, certificate: null },
        night: { ...night, thresholds: never, certificate: null },
      },
    },
    input,
    stages: stages.map((stage, k) => ({
      ...stage,
      inverseTemperature: Math.fround(1 / temperatures[k]),
    })),
  });
}
