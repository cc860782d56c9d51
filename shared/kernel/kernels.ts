// Which implementation of the kernels a cascade runs on. All give the same bits.

export const KERNEL_PATHS = ['relaxed-pairs', 'relaxed-dot', 'simd128', 'scalar'] as const;

/**
 * `relaxed-dot`: one relaxed instruction for 16 multiply-accumulates; `relaxed-pairs`: three, which is
 * quicker on processors without VNNI or SDOT; `simd128`: no relaxed instruction; `scalar`: plain
 * TypeScript, the definition of the arithmetic.
 */
export type KernelPath = (typeof KERNEL_PATHS)[number];

/** What a compiled module exports; addresses and counts in, see `wasm/source`. */
interface BlockExports {
  /** 0 when a code is above 127. */
  beginDense(block: number, from: number, width: number, count: number): number;
  /** 0 when entries are not as they must be. */
  beginSparse(block: number, width: number, count: number): number;
  quantise(
    values: number,
    count: number,
    width: number,
    offset: number,
    multiplier: number,
    zeroPoint: number,
    codes: number,
  ): void;
}

type RunStage = (block: number, stage: number, count: number) => void;

/** Kernels over one memory. */
export interface WasmKernels extends BlockExports {
  readonly runStage: RunStage;
}

export type Kernels =
  | { readonly path: 'scalar' }
  | {
      readonly path: Exclude<KernelPath, 'scalar'>;
      readonly instantiate: (memory: WebAssembly.Memory) => WasmKernels;
    };

/** Name under which a module exports the path's `runStage`. */
const EXPORTS = { 'relaxed-dot': 'dot', 'relaxed-pairs': 'pairs', simd128: 'wide' } as const;

/** The kernels of `path` from a compiled module. */
export function wasmKernels(
  path: Exclude<KernelPath, 'scalar'>,
  module: WebAssembly.Module,
): Kernels {
  return {
    path,
    instantiate(memory) {
      const { exports } = new WebAssembly.Instance(module, { env: { memory } });
      // The module is ours and compiled from wasm/source: its exports are these.
      const kernels = exports as unknown as BlockExports & Record<string, RunStage>;
      const { beginDense, beginSparse, quantise } = kernels;
      return { beginDense, beginSparse, quantise, runStage: kernels[EXPORTS[path]] };
    },
  };
}

export const SCALAR_KERNELS: Kernels = { path: 'scalar' };
