// Rows of a request that a person might label: those nobody is sure of, and those that stages differ on.
import type { CascadeResult } from '@dandan/shared/cascade';
import { selectRows } from '@dandan/shared/kernel';
import { encodeQuantisedRows } from '@dandan/shared/wire';
import type { HardCandidate, HardReason } from '../metrics/flush.ts';
import type { AnsweredRows, Asker } from '../metrics/observation.ts';

/** At the last stage: all other classes together are more likely than the answer. */
export const HARD_CONFIDENCE = 0.5;

/** Candidates of one request, the least certain: a caller with many must send many requests. */
export const MAX_REQUEST_CANDIDATES = 4;

/** Of one row; wider ones are not kept. 16,384 dense codes, or 3,000 words of a text. */
export const MAX_ROW_BYTES = 16 * 1024;

interface Found {
  readonly row: number;
  readonly reason: HardReason;
  /** Class of the full cascade, where it is another. */
  readonly full?: number;
}

/** Rows at the last stage below {@linkcode HARD_CONFIDENCE}, least certain first. */
function unsureRows(result: CascadeResult, last: number): number[] {
  const { confidence, stage } = result;
  const unsure: number[] = [];
  for (let row = 0; row < stage.length; row++) {
    if (stage[row] !== last || confidence[row] >= HARD_CONFIDENCE) continue;
    // Kept short and in order: a request may hold thousands of them.
    let at = unsure.length;
    while (at > 0 && confidence[unsure[at - 1]] > confidence[row]) at--;
    if (at >= MAX_REQUEST_CANDIDATES) continue;
    unsure.splice(at, 0, row);
    unsure.length = Math.min(unsure.length, MAX_REQUEST_CANDIDATES);
  }
  return unsure;
}

/**
 * At most {@linkcode MAX_REQUEST_CANDIDATES} rows of a run, disagreements first.
 *
 * @param disagreements what audits of the run found.
 */
export function findCandidates(
  run: AnsweredRows,
  { key, device }: Asker,
  disagreements: readonly { readonly row: number; readonly full: number }[],
): HardCandidate[] {
  const { cascade, rows, result, sha256, policy } = run;
  const { classes } = cascade.manifest;
  const found: Found[] = [
    ...disagreements.map(({ row, full }) => ({ row, full, reason: 'disagreement' as const })),
    ...unsureRows(result, cascade.manifest.stages.length).map((row) => ({
      row,
      reason: 'low-confidence' as const,
    })),
  ];
  return found.slice(0, MAX_REQUEST_CANDIDATES).flatMap(({ row, reason, full }) => {
    const bytes = encodeQuantisedRows(selectRows(rows, [row]));
    if (bytes.byteLength > MAX_ROW_BYTES) return [];
    const answer = result.classes[row];
    return {
      bundle: sha256,
      policy,
      key,
      device,
      reason,
      class: answer,
      label: classes[answer],
      confidence: result.confidence[row],
      fullLabel: full === undefined ? null : classes[full],
      row: bytes,
    };
  });
}
