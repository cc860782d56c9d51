// What thresholds promise, or why they cannot, in words.
import type { Certification } from '../../certify/certify.ts';
import type { Promises } from '../../certify/promise.ts';

const percentText = (share: number) => `${Number((100 * share).toPrecision(4))} %`;

function promiseText({ alpha, worstClass, escalation }: Promises): string {
  const parts = [`at most ${percentText(alpha)} of nodes differ from the full cascade`];
  if (worstClass !== undefined) parts.push(`at most ${percentText(worstClass)} of every class`);
  if (escalation !== undefined) {
    const { stages, limit } = escalation;
    const beyond = stages === 1 ? 'stage 1' : `stages 1 to ${stages}`;
    parts.push(`at most ${percentText(limit)} climb beyond ${beyond}`);
  }
  return parts.join(', ');
}

function thresholdsText({ thresholds }: Certification): string {
  const [first, ...rest] = thresholds;
  const text = (value: number | null) => (value === null ? 'never' : value.toFixed(4));
  if (first === undefined) return '';
  if (rest.every((value) => value === first)) return ` Shared threshold ${text(first)},`;
  return ` Thresholds ${thresholds.map(text).join(', ')},`;
}

/** One sentence or two for people. */
export function certificationText(certification: Certification): string {
  const { certified, promises, delta, n, needed, method, counts } = certification;
  const promise = `${promiseText(promises)}, with probability ${percentText(1 - delta)}`;
  if (certified) {
    const seen = `${counts?.disagreements} disagreements seen on ${counts?.n} nodes`;
    return `Certified by ${method}: ${promise}.${thresholdsText(certification)} ${seen}.`;
  }
  if (needed === Number.POSITIVE_INFINITY) {
    return `Not certifiable: some class has no calibration node (${promise}). Every node runs to the last stage.`;
  }
  return n < needed
    ? `Not certifiable with n = ${n} calibration nodes, need at least ${needed}: every node runs to the last stage.`
    : `Not certifiable on n = ${n} calibration nodes (${promise}): even the safest thresholds break it here. Every node runs to the last stage.`;
}
