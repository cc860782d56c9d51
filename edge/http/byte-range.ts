// HTTP Range (RFC 9110 §14) for one range of bytes, as gateways use it to fetch their stages.

export type ByteRange =
  | { readonly kind: 'whole' }
  | { readonly kind: 'part'; readonly offset: number; readonly length: number }
  | { readonly kind: 'unsatisfiable' };

const WHOLE: ByteRange = { kind: 'whole' };

/** 15 digits stay exact in a double. */
const SINGLE_RANGE = /^bytes=(\d{0,15})-(\d{0,15})$/;

/**
 * What a Range header asks of a file of `size` bytes. Headers that the standard
 * lets a server ignore (other units, several ranges, nonsense) ask for all of it.
 */
export function parseByteRange(header: string | undefined, size: number): ByteRange {
  const match = SINGLE_RANGE.exec(header ?? '');
  if (match === null) return WHOLE;
  const [, first, last] = match;
  if (first === '') {
    if (last === '') return WHOLE;
    const length = Math.min(Number(last), size);
    return length === 0
      ? { kind: 'unsatisfiable' }
      : { kind: 'part', offset: size - length, length };
  }
  const offset = Number(first);
  if (last !== '' && Number(last) < offset) return WHOLE;
  if (offset >= size) return { kind: 'unsatisfiable' };
  const end = last === '' ? size - 1 : Math.min(Number(last), size - 1);
  return { kind: 'part', offset, length: end - offset + 1 };
}

/** Whether an If-None-Match header names the strong ETag `etag` (weak comparison, as for GET). */
export function matchesEtag(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  if (header.trim() === '*') return true;
  return header.split(',').some((entry) => entry.trim().replace(/^W\//, '') === etag);
}
