// Kernels for engines with relaxed SIMD, compiled to ../relaxed.wasm by `npm run kernels`.
import { Block, Stage } from './block';
import { Dot, Pairs } from './dot';
import { runStage } from './stage';

export { quantise } from './quantise';
export { beginDense, beginSparse } from './start';

/** Runs stage at `stage` by single dot instructions. */
export function dot(block: usize, stage: usize, count: i32): void {
  runStage<Dot>(changetype<Block>(block), changetype<Stage>(stage), count);
}

/** The same by products of pairs. */
export function pairs(block: usize, stage: usize, count: i32): void {
  runStage<Pairs>(changetype<Block>(block), changetype<Stage>(stage), count);
}
