// Kernels for engines without relaxed SIMD, compiled to ../simd128.wasm by `npm run kernels`.
import { Block, Stage } from './block';
import { Wide } from './dot';
import { runStage as run } from './stage';

export { begin, entriesFit, spread } from './start';

export function runStage(block: usize, stage: usize, count: i32): void {
  run<Wide>(changetype<Block>(block), changetype<Stage>(stage), count);
}
