// Which implementation of the kernels a cascade runs on. All give the same bits.

export const KERNEL_PATHS = ['relaxed-simd', 'simd128', 'scalar'] as const;

/**
 * `relaxed-simd`: one relaxed instruction for 16 multiply-accumulates; `simd128`: four of the first
 * set of vector instructions; `scalar`: plain TypeScript, the definition of the arithmetic.
 */
export type KernelPath = (typeof KERNEL_PATHS)[number];

/** Kernels over one memory: addresses and counts in, see `wasm/source`. */
export interface WasmKernels {
  begin(block: number, count: number): void;
  /** Whether every code is at most 127. */
  spread(block: number, from: number, width: number, count: number): number;
  entriesFit(block: number, width: number, count: number): number;
  /** Runs one stage over the first `count` active rows. */
  runStage(block: number, stage: number, count: number): void;
}

export type Kernels =
  | { readonly path: 'scalar' }
  | {
      readonly path: Exclude<KernelPath, 'scalar'>;
      readonly instantiate: (memory: WebAssembly.Memory) => WasmKernels;
    };

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
      return exports as unknown as WasmKernels;
    },
  };
}

export const SCALAR_KERNELS: Kernels = { path: 'scalar' };
