// What the shared thresholds are worth at each single site.
import type { Certification } from '../certify/certify.ts';
import { type CertifySitesOptions, certifySites } from './certify-sites.ts';
import { THRESHOLDS } from './grids.ts';

export interface SiteCertificate {
  readonly site: string;
  readonly rows: number;
  /** Rows whose class the shared thresholds change; `null` where none are certified. */
  readonly disagreements: number | null;
  /** Share of rows that stop before the last stage; `null` where none are certified. */
  readonly early: number | null;
  /** The smallest threshold that this site's rows prove on their own; `null`: none. */
  readonly ownThreshold: number | null;
  /**
   * Whether the site's own rows prove the shared thresholds: then the promise holds at this site
   * too, with probability 1 − δ for each site on its own.
   */
  readonly holds: boolean;
}

/** One per site, in the order of `contents`. */
export function siteCertificates(
  options: Omit<CertifySitesOptions, 'guarantee'>,
  sites: readonly string[],
  { thresholds: [found = null] }: Certification,
): SiteCertificate[] {
  return options.contents.map((content, i) => {
    const { rows, rowsPerClass, thresholds } = content;
    const withheld = options.promises.worstClass !== undefined && rowsPerClass.includes(null);
    const own = withheld
      ? null
      : (certifySites({ ...options, contents: [content], guarantee: 'mixture' }).thresholds[0] ??
        null);
    const at = found === null ? undefined : thresholds[THRESHOLDS.indexOf(found)];
    return {
      site: sites[i],
      rows,
      disagreements: at?.disagreements ?? null,
      early: at ? 1 - at.stops[at.stops.length - 1] / Math.max(1, rows) : null,
      ownThreshold: own,
      // The walk has proved every threshold from 1 down to its own.
      holds: found !== null && own !== null && own <= found,
    };
  });
}
