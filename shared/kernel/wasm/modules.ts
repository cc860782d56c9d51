// The compiled kernels everywhere but on Workers: embedded, so that a gateway's single file and a
// browser need no loader of their own.
import { RELAXED, SIMD128 } from './embedded.ts';

function compile(base64: string): WebAssembly.Module {
  return new WebAssembly.Module(Uint8Array.from(atob(base64), (c) => c.charCodeAt(0)));
}

/** @throws {WebAssembly.CompileError} where the engine has no relaxed SIMD. */
export const relaxedModule = (): WebAssembly.Module => compile(RELAXED);

/** @throws {WebAssembly.CompileError} where the engine has no SIMD. */
export const simd128Module = (): WebAssembly.Module => compile(SIMD128);
