// SHA-256 over the sets of a split, which the hash of a graph does not cover.
import { createHash } from 'node:crypto';
import type { Split } from './graph-data.ts';

/** As hex; the same sets hash alike, whatever the order of their names. */
export function hashSplit(split: Split): string {
  const { train, validation, test, unlabelled, unseen } = split;
  const sets = [train, validation, test, unlabelled, unseen ?? new Int32Array()];
  const hash = createHash('sha256').update(JSON.stringify(sets.map(({ length }) => length)));
  for (const set of sets) hash.update(set);
  return hash.digest('hex');
}
