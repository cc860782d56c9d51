// What shared thresholds are worth at each site, a line each.
import type { SiteCertificate } from '../../federate/site-certificates.ts';

const percent = (share: number | null) => (share === null ? '–' : `${(100 * share).toFixed(1)} %`);

export function siteTable(sites: readonly SiteCertificate[]): string[] {
  const width = Math.max(0, ...sites.map(({ site }) => site.length));
  return sites.map(({ site, rows, disagreements, early, ownThreshold, holds }) => {
    const own = ownThreshold === null ? 'proves none' : `proves ${ownThreshold.toFixed(4)}`;
    const share = disagreements === null ? null : disagreements / Math.max(1, rows);
    return `  ${site.padEnd(width)}  ${rows} rows, ${percent(early)} stop early, ${percent(share)} differ; by itself ${own}: the promise ${holds ? 'holds' : 'is not shown'} for this site alone`;
  });
}
