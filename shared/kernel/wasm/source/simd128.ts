// Kernels for engines without relaxed SIMD, compiled to ../simd128.wasm by `npm run kernels`.
import { Block, Stage } from './block';
import { Wide } from './dot';
import { runStage } from './stage';

export { quantise } from './quantise';
export { beginDense, beginSparse } from './start';

export function wide(block: usize, stage: usize, count: i32): void {
  runStage<Wide>(changetype<Block>(block), changetype<Stage>(stage), count);
}
