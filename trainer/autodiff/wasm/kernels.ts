// Loads the compiled kernels onto a memory.
import { readFileSync } from 'node:fs';
import { Instance, type Memory, Module } from './web-assembly.ts';

export type Kernel = (...values: number[]) => void;
export type Kernels = Readonly<Record<string, Kernel>>;

let compiled: object | undefined;

/** The kernels over `memory`; compiled once a thread. */
export function instantiateKernels(memory: Memory): Kernels {
  compiled ??= new Module(readFileSync(new URL('./kernels.wasm', import.meta.url)));
  const instance = new Instance(compiled, { env: { memory } });
  return instance.exports as unknown as Kernels;
}
