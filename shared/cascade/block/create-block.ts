import type { Kernels } from '../../kernel/index.ts';
import type { CascadeModel, RowBlock } from './row-block.ts';
import { createScalarBlock } from './scalar-block.ts';
import { createWasmBlock } from './wasm-block.ts';

/** A block of rows for `model` on `kernels`. */
export function createBlock(model: CascadeModel, kernels: Kernels): RowBlock {
  return kernels.path === 'scalar' ? createScalarBlock(model) : createWasmBlock(model, kernels);
}
