// The quickest kernels that are right on this engine.
import { relaxedModule, simd128Module } from '#kernel-modules';
import { type Kernels, SCALAR_KERNELS, wasmKernels } from '../../kernel/index.ts';
import { passesSelfTest } from './self-test.ts';

const CANDIDATES = [
  () => wasmKernels('relaxed-simd', relaxedModule()),
  () => wasmKernels('simd128', simd128Module()),
];

/** An engine without the instructions refuses the module, one with a fault fails the test. */
function usable(create: () => Kernels): Kernels | undefined {
  try {
    const kernels = create();
    return passesSelfTest(kernels) ? kernels : undefined;
  } catch {
    return undefined;
  }
}

/** All kernels that are right here, quickest first; `scalar` is always last. All give the same bits. */
export function usableKernels(): Kernels[] {
  return [...CANDIDATES.map(usable).filter((kernels) => kernels !== undefined), SCALAR_KERNELS];
}

let chosen: Kernels | undefined;

/** The kernels of this process, chosen on the first call in a few milliseconds. */
export function chooseKernels(): Kernels {
  for (const create of CANDIDATES) chosen ??= usable(create);
  chosen ??= SCALAR_KERNELS;
  return chosen;
}
