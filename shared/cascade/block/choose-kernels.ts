// The quickest kernels that are right on this engine and processor.
import { relaxedModule, simd128Module } from '#kernel-modules';
import { type Kernels, SCALAR_KERNELS, wasmKernels } from '../../kernel/index.ts';
import { passesSelfTest, timeKernels } from './self-test.ts';

/** Kernels of the modules that compile here. */
function candidates(): Kernels[] {
  const found: Kernels[] = [];
  try {
    const relaxed = relaxedModule();
    // Most machines that serve have no VNNI that engines use: where no clock can tell, pairs.
    found.push(wasmKernels('relaxed-pairs', relaxed), wasmKernels('relaxed-dot', relaxed));
  } catch {
    // An engine without relaxed SIMD refuses the module.
  }
  try {
    found.push(wasmKernels('simd128', simd128Module()));
  } catch {
    // An engine without SIMD, or without WebAssembly.
  }
  return found;
}

/**
 * All kernels that pass the self-test, quickest first; `scalar` is always last. Only speed depends
 * on the order: all give the same bits.
 *
 * @param now milliseconds; where it stands still, as on Workers, the order is that of preference.
 */
export function usableKernels(now: () => number = () => performance.now()): Kernels[] {
  const timed = candidates()
    .filter(passesSelfTest)
    .map((kernels) => ({ kernels, time: timeKernels(kernels, now) }));
  timed.sort((a, b) => a.time - b.time);
  return [...timed.map(({ kernels }) => kernels), SCALAR_KERNELS];
}

let chosen: Kernels | undefined;

/** The kernels of this process, chosen on the first call in a few milliseconds. */
export function chooseKernels(): Kernels {
  chosen ??= usableKernels()[0];
  return chosen;
}
