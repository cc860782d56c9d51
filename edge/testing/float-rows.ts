// Float rows in the forms that a prediction takes.
import { writeSafetensors } from '@dandan/shared/bundle';
import type { FloatRows } from '@dandan/shared/kernel';
import { createRandom } from '@dandan/shared/random';
import type { TestBundle } from '@dandan/shared/testing';

/** Random float32 rows; a sparse model's are mostly 0 and never below. */
export function floatRows({ bundle }: TestBundle, count: number): FloatRows {
  const random = createRandom(5);
  const { width, sparse: few } = bundle.input;
  const draw = () => {
    if (!few) return 2 * random.normal();
    return random.below(4) === 0 ? 1 + random.below(100) : 0;
  };
  return { count, width, values: Float32Array.from({ length: count * width }, draw) };
}

export function jsonRows({ count, width, values }: FloatRows): number[][] {
  return Array.from({ length: count }, (_, i) => [...values.slice(i * width, (i + 1) * width)]);
}

export function floatFile({ count, width, values }: FloatRows) {
  return writeSafetensors([{ name: 'x', dtype: 'F32', shape: [count, width], data: values }]);
}
