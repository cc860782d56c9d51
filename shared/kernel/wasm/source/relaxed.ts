// Kernels for engines with relaxed SIMD, compiled to ../relaxed.wasm by `npm run kernels`.
import { Block, Stage } from './block';
import { Relaxed } from './dot';
import { runStage as run } from './stage';

export { begin, entriesFit, spread } from './start';

export function runStage(block: usize, stage: usize, count: i32): void {
  run<Relaxed>(changetype<Block>(block), changetype<Stage>(stage), count);
}
