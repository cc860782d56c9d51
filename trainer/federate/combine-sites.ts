// Summaries of sites to what they say together of one bundle.
import { InputError } from '@dandan/shared/error';
import { unmaskSum } from './masks/mask-summary.ts';
import type { Roster } from './masks/roster.ts';
import type { VectorShape } from './masks/vector.ts';
import { checkContent } from './pooled.ts';
import type { MaskedSummary, PlainSummary, SiteSummary, SummaryContent } from './summary.ts';

export interface CombineSitesOptions {
  readonly summaries: readonly SiteSummary[];
  /** SHA-256 of the bundle they must be about. */
  readonly bundle: string;
  readonly shape: VectorShape;
  /** Of masked summaries. */
  readonly roster?: Roster | undefined;
}

export interface CombinedSites {
  /** One per site; of masked summaries the one sum. */
  readonly contents: readonly SummaryContent[];
  readonly masked: boolean;
}

function refuse(message: string, field: string, value: unknown, allowed: string): never {
  throw new InputError('data-invalid', message, { field, value, allowed });
}

/**
 * Checks that summaries belong together and are possible, and unmasks their sum.
 *
 * @throws {InputError} `data-invalid`.
 */
export async function combineSites(options: CombineSitesOptions): Promise<CombinedSites> {
  const { summaries, bundle, shape, roster } = options;
  const names = summaries.map(({ site }) => site);
  const twice = names.find((site, i) => names.indexOf(site) !== i);
  if (twice !== undefined) {
    refuse('A site has sent two summaries', '--summary', twice, 'one of each site');
  }
  const other = summaries.find((summary) => summary.bundle !== bundle);
  if (other) {
    refuse(`The summary of ${other.site} is of another bundle`, 'bundle', other.bundle, bundle);
  }
  const plain = summaries.filter((each): each is PlainSummary => each.form === 'plain');
  const masked = summaries.filter((each): each is MaskedSummary => each.form === 'masked');
  if (plain.length > 0 && masked.length > 0) {
    refuse('Some summaries are masked', 'form', masked[0].site, 'all plain or all masked');
  }
  if (masked.length > 0) {
    if (roster === undefined) {
      refuse('Masked summaries need their roster', '--roster', undefined, 'the file of the round');
    }
    return { contents: [await unmaskSum(masked, roster, shape)], masked: true };
  }
  for (const { site, content } of plain) checkContent(content, { site, ...shape });
  return { contents: plain.map(({ content }) => content), masked: false };
}
