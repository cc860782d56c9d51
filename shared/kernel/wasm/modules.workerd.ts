// The compiled kernels where compiling at run time is refused: the bundler hands on modules.
import relaxed from './relaxed.wasm';
import simd128 from './simd128.wasm';

export const relaxedModule = (): WebAssembly.Module => relaxed;
export const simd128Module = (): WebAssembly.Module => simd128;
