// Â X, Â² X, … for dense features, a group of columns at a time so that memory stays bounded.
import type { FloatRows } from '@dandan/shared/kernel';
import {
  constant,
  cpuEngine,
  type Engine,
  input,
  multiply,
  sparseMatmul,
} from '../autodiff/index.ts';
import type { Adjacency } from '../graph/graph-data.ts';
import { normaliseAdjacency } from '../graph/normalise.ts';

/** Bytes of a group of columns; an engine holds two of them beside the graph. */
const GROUP_BYTES = 512 * 2 ** 20;

export interface PropagateOptions {
  readonly adjacency: Adjacency;
  readonly features: FloatRows;
  readonly hops: number;
  readonly engine?: Engine | undefined;
  readonly groupBytes?: number;
  readonly signal?: AbortSignal | undefined;
}

/** @returns X and Â^r X for r = 1..hops, float32 [N, width] each; X itself is not copied. */
export async function propagateFeatures(options: PropagateOptions): Promise<FloatRows[]> {
  const { adjacency, features, hops, engine = cpuEngine(), groupBytes = GROUP_BYTES } = options;
  const { count, width } = features;
  const { pattern, scaling } = normaliseAdjacency(adjacency);
  const columns = Math.min(width, Math.max(1, Math.floor(groupBytes / (4 * count))));
  const results = Array.from({ length: hops }, () => new Float32Array(count * width));
  const x = input('x', [count, columns]);
  const scale = constant(scaling, [count, 1]);
  const propagated = multiply(scale, sparseMatmul(pattern, multiply(scale, x)));
  const session = await engine.createSession({
    state: [x],
    entries: { hop: { outputs: {}, updates: { x: propagated } } },
  });
  try {
    const group = new Float32Array(count * columns);
    for (let from = 0; from < width; from += columns) {
      const taken = Math.min(columns, width - from);
      copyColumns(features.values, width, from, group, columns, 0, taken);
      await session.write({ x: group });
      for (const result of results) {
        options.signal?.throwIfAborted();
        await session.run('hop');
        const { x: values } = await session.read(['x']);
        copyColumns(values, columns, 0, result, width, from, taken);
      }
    }
  } finally {
    await session.release();
  }
  return [features, ...results.map((values) => ({ count, width, values }))];
}

/** Copies `taken` columns of every row from one row-major matrix into another. */
function copyColumns(
  source: Float32Array,
  sourceWidth: number,
  sourceColumn: number,
  target: Float32Array,
  targetWidth: number,
  targetColumn: number,
  taken: number,
): void {
  const count = source.length / sourceWidth;
  for (let i = 0; i < count; i++) {
    const from = i * sourceWidth + sourceColumn;
    const to = i * targetWidth + targetColumn;
    for (let c = 0; c < taken; c++) target[to + c] = source[from + c];
  }
}
