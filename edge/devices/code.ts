// One-time codes that a person reads from a screen and types into a gateway.

/** Crockford's base32: no I, L, O, U, so that a code survives handwriting. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** 100 bits: not to be guessed in the life of a code, or of the sun. */
const CODE_LENGTH = 20;
const GROUP = 5;

/** A new code, in four groups of five. */
export function createCode(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(CODE_LENGTH));
  const characters = Array.from(bytes, (byte) => ALPHABET[byte & 31]).join('');
  return characters.match(new RegExp(`.{${GROUP}}`, 'g'))?.join('-') ?? '';
}

/** A code as it is compared: without hyphens and spaces, upper case, with look-alikes settled. */
export function normaliseCode(code: string): string {
  return code.toUpperCase().replaceAll(/[\s-]/g, '').replaceAll('O', '0').replaceAll(/[IL]/g, '1');
}
