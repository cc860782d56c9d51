// What assets and channels may be called, and how foreign names become such names.
import { InputError } from '@dandan/shared/error';
import { checkTopicLevel } from '@dandan/shared/wire';

/** A channel's name in a bundle's feature spec. */
const CHANNEL = /^[A-Za-z0-9_.-]{1,64}$/;

/** What a channel may be called, in words. */
export const CHANNEL_WORDS = 'letters, digits, _ . - (1..64)';

/** What an asset may be called, in words: it is a level of prediction topics. */
export const ASSET_WORDS = 'letters, digits, _ . : - (1..64)';

export const isChannelName = (name: string): boolean => CHANNEL.test(name);

export function isAssetName(name: string): boolean {
  try {
    checkTopicLevel('asset', name);
    return true;
  } catch (error) {
    if (error instanceof InputError) return false;
    throw error;
  }
}

/** A name of signs alone says nothing and collides with every other such name. */
const TELLING = /[A-Za-z0-9]/;

/**
 * `name` with `_` for every character that an asset's name must not hold; `undefined` where that
 * leaves no letter or digit, or more than 64 characters.
 */
export function toAssetName(name: string): string | undefined {
  const mended = name.replace(/[^A-Za-z0-9_.:-]/gu, '_');
  return TELLING.test(mended) && isAssetName(mended) ? mended : undefined;
}

/** As {@linkcode toAssetName} for a channel; the folders of `a/b` become `a.b`. */
export function toChannelName(name: string): string | undefined {
  const mended = name.replaceAll('/', '.').replace(/[^A-Za-z0-9_.-]/gu, '_');
  return TELLING.test(mended) && isChannelName(mended) ? mended : undefined;
}
