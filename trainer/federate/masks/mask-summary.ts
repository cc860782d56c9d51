// Secure aggregation by pairwise masks (Bonawitz et al. 2017, §4, without its recovery of sites that
// drop out): what a site sends looks random, and only the sum over the whole roster means something.
import { sha256Hex } from '@dandan/shared/bundle';
import { InputError } from '@dandan/shared/error';
import { GRID_VERSION } from '../grids.ts';
import { checkContent } from '../pooled.ts';
import { type MaskedSummary, SUMMARY_SCHEMA, type SummaryContent } from '../summary.ts';
import { type Roster, rosterFingerprint } from './roster.ts';
import { pairMask, type SiteKey } from './site-key.ts';
import {
  combine,
  decodeVector,
  encodeVector,
  fromVector,
  toVector,
  type VectorShape,
  vectorLength,
} from './vector.ts';

export interface MaskSummaryOptions {
  readonly site: string;
  readonly key: SiteKey;
  readonly roster: Roster;
  /** The bundle's file. */
  readonly bytes: Uint8Array;
  readonly shape: VectorShape;
  /** See `siteContent`. */
  readonly content: SummaryContent;
}

/** @throws {InputError} `option-invalid` where the roster does not name this site with this key. */
export async function maskSummary(options: MaskSummaryOptions): Promise<MaskedSummary> {
  const { site, key, roster, shape } = options;
  const listed = roster.sites.find((each) => each.site === site);
  if (listed?.publicKey !== key.publicKey) {
    throw new InputError('option-invalid', `The roster does not hold this key for ${site}`, {
      field: '--roster',
      value: listed === undefined ? 'no such site' : 'another key',
      allowed: 'the roster that was made with the public half of --key',
    });
  }
  const bundle = await sha256Hex(options.bytes);
  const fingerprint = await rosterFingerprint(roster);
  let sums = toVector(options.content, shape);
  for (const other of roster.sites) {
    if (other.site === site) continue;
    const [first, second] = [site, other.site].sort();
    const mask = await pairMask({
      own: key,
      other: other.publicKey,
      context: `dandan federate 1 ${fingerprint} ${bundle} ${first} ${second}`,
      length: sums.length,
    });
    sums = combine(sums, mask, site === first ? 1n : -1n);
  }
  return {
    kind: 'dandan-site-summary',
    schema: SUMMARY_SCHEMA,
    grid: GRID_VERSION,
    site,
    bundle,
    form: 'masked',
    roster: fingerprint,
    sums: encodeVector(sums),
  };
}

/**
 * The sum over all sites of the roster.
 *
 * @throws {InputError} `data-invalid` where a site is missing, or the masks do not cancel.
 */
export async function unmaskSum(
  summaries: readonly MaskedSummary[],
  roster: Roster,
  shape: VectorShape,
): Promise<SummaryContent> {
  const refuse = (message: string, value: string, allowed: string): never => {
    throw new InputError('data-invalid', message, { field: '--summary', value, allowed });
  };
  const fingerprint = await rosterFingerprint(roster);
  const stranger = summaries.find((each) => each.roster !== fingerprint);
  if (stranger) refuse('A summary is of another roster', stranger.site, 'one round of one roster');
  const present = new Set(summaries.map(({ site }) => site));
  const missing = roster.sites.filter(({ site }) => !present.has(site)).map(({ site }) => site);
  if (missing.length > 0) {
    refuse(
      'Masks cancel only when every site of the roster has sent its summary',
      `${missing.join(', ')} missing`,
      'all sites, or a new roster without those that are gone, and summaries made for it',
    );
  }
  const length = vectorLength(shape);
  let sum = new BigUint64Array(length);
  for (const { site, sums } of summaries) {
    const vector = decodeVector(sums, length);
    if (vector === undefined) return refuse('A summary has another length', site, `${length} sums`);
    sum = combine(sum, vector, 1n) as typeof sum;
  }
  const content = fromVector(sum, shape);
  if (content === undefined) {
    return refuse('The masks do not cancel', 'sums beyond all counts', 'files that nobody altered');
  }
  checkContent(content, { site: 'all sites together', ...shape });
  return content;
}
