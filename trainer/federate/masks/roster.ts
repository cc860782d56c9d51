// Who takes part in a masked round: all of them, or the masks do not cancel.
import { sha256Hex } from '@dandan/shared/bundle';
import { InputError } from '@dandan/shared/error';
import * as z from 'zod';
import { MAX_SITES } from '../limits.ts';
import { siteNameSchema } from '../summary.ts';
import { PUBLIC_KEY_BYTES } from './site-key.ts';

/** Of two, each learns the other's numbers from the sum. */
export const MIN_ROSTER = 3;

const publicKey = z
  .string()
  .refine(
    (text) => Buffer.from(text, 'base64').length === PUBLIC_KEY_BYTES && text.length === 44,
    `base64 of ${PUBLIC_KEY_BYTES} bytes`,
  );

export const publicKeySchema = z.strictObject({
  kind: z.literal('dandan-site-key'),
  site: siteNameSchema,
  publicKey,
});

export type SitePublicKey = z.infer<typeof publicKeySchema>;

export const rosterSchema = z.strictObject({
  kind: z.literal('dandan-site-roster'),
  schema: z.literal(1),
  /** Random: masks of one round are never used in another. */
  round: z.string().regex(/^[0-9a-f]{32}$/, '32 lower-case hex digits'),
  sites: z
    .array(z.strictObject({ site: siteNameSchema, publicKey }))
    .min(MIN_ROSTER)
    .max(MAX_SITES),
});

export type Roster = z.infer<typeof rosterSchema>;

/** @throws {InputError} `option-invalid` for few or repeated sites. */
export function createRoster(keys: readonly Omit<SitePublicKey, 'kind'>[], round: string): Roster {
  const sites = keys
    .map(({ site, publicKey: own }) => ({ site, publicKey: own }))
    .sort((a, b) => (a.site < b.site ? -1 : 1));
  const repeated = sites.find(
    ({ site, publicKey: own }, i) =>
      i > 0 && (sites[i - 1].site === site || sites.slice(0, i).some((s) => s.publicKey === own)),
  );
  if (repeated || sites.length < MIN_ROSTER) {
    throw new InputError('option-invalid', 'A roster names every site once', {
      field: '--keys',
      value: repeated ? `${repeated.site} twice` : `${sites.length} sites`,
      allowed: `at least ${MIN_ROSTER} different sites: of two, each learns the other's numbers`,
    });
  }
  return { kind: 'dandan-site-roster', schema: 1, round, sites };
}

/** What the sites read to each other before they use it. */
export const rosterFingerprint = (roster: Roster): Promise<string> =>
  sha256Hex(
    new TextEncoder().encode(
      JSON.stringify([roster.round, roster.sites.map(({ site, publicKey: own }) => [site, own])]),
    ),
  );
