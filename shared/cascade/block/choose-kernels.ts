// The quickest kernels that are right on this engine and processor.
import { relaxedModule, simd128Module } from '#kernel-modules';
import { type Kernels, SCALAR_KERNELS, wasmKernels } from '../../kernel/index.ts';
import { race } from './race.ts';
import { passesSelfTest } from './self-test.ts';

/** Kernels of the modules that compile here and compute what they should, by preference. */
function rightOnes(): Kernels[] {
  const found: Kernels[] = [];
  const consider = (create: () => Kernels[]) => {
    try {
      found.push(...create().filter(passesSelfTest));
    } catch {
      // An engine without the instructions refuses the module.
    }
  };
  consider(() => {
    const relaxed = relaxedModule();
    // Most machines that serve have no VNNI that engines use: where no clock can tell, pairs.
    return [wasmKernels('relaxed-pairs', relaxed), wasmKernels('relaxed-dot', relaxed)];
  });
  consider(() => [wasmKernels('simd128', simd128Module())]);
  return found;
}

/** All kernels that are right here; `scalar` is always the last. All give the same bits. */
export function usableKernels(): Kernels[] {
  return [...rightOnes(), SCALAR_KERNELS];
}

let chosen: Kernels | undefined;

/**
 * The kernels of this process, chosen on the first call. That takes some milliseconds, in which the
 * two relaxed ones compete: which is quicker depends on the processor.
 */
export function chooseKernels(): Kernels {
  if (chosen === undefined) {
    const [first, second] = usableKernels();
    const relaxed = second?.path === 'relaxed-dot';
    chosen = relaxed ? race(first, second, () => performance.now()) : first;
  }
  return chosen;
}
