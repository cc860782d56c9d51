// The processor's clock while it computes, which no file tells for certain: a chain of operations of
// known length, each waiting for the one before.

/** A multiplication takes three cycles and an addition one on x86 and Arm cores of the last ten years. */
const CYCLES_PER_STEP = 4;
const STEPS = 20_000_000;
const ATTEMPTS = 5;

function chain(steps: number): number {
  let x = 1;
  for (let i = 0; i < steps; i++) x = (Math.imul(x, 0x2545f491) + 1) | 0;
  return x;
}

/** Billions of cycles a second; the best of some attempts. */
export function estimateGhz(): number {
  let best = Number.POSITIVE_INFINITY;
  // The result is used, or an engine could leave the loop out.
  let kept = 0;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const started = performance.now();
    kept ^= chain(STEPS);
    best = Math.min(best, performance.now() - started);
  }
  if (Number.isNaN(kept)) throw new Error('The chain gave no number');
  return (STEPS * CYCLES_PER_STEP) / (best * 1e6);
}
