// Loads the compiled kernels onto a memory.
import { readFileSync } from 'node:fs';

export type Kernel = (...values: number[]) => void;
export type Kernels = Readonly<Record<string, Kernel>>;

let compiled: WebAssembly.Module | undefined;

/** The kernels over `memory`; compiled once a thread. */
export function instantiateKernels(memory: WebAssembly.Memory): Kernels {
  compiled ??= new WebAssembly.Module(readFileSync(new URL('./kernels.wasm', import.meta.url)));
  const instance = new WebAssembly.Instance(compiled, { env: { memory } });
  return instance.exports as unknown as Kernels;
}
