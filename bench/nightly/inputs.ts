// What the nightly job is measured on: a seeded bundle and seeded rows in files below the upload limit.
import { writeBundle, writeSafetensors } from '@dandan/shared/bundle';
import { createRandom } from '@dandan/shared/random';
import { createTestBundle } from '@dandan/shared/testing';

export const MODEL = 'nightly-bench';
const WIDTH = 64;

/** 64 MB a file: the platform takes bodies of 100 MB. */
const ROWS_PER_FILE = 250_000;

/** Four stages of doubling width; nights run two of them, as bundles of `dandan train` do. */
export async function createBenchBundle() {
  const { bundle } = await createTestBundle({
    model: MODEL,
    seed: 1,
    structure: 'additive',
    units: [16, 32, 64, 128],
    width: WIDTH,
    classes: 8,
  });
  const { manifest, input, stages } = bundle;
  const night = { ...manifest.policies.day, maxStage: 2 };
  const draft = {
    ...manifest,
    stages: manifest.stages.map(({ endByte: _end, sha256: _hash, ...stage }) => stage),
    policies: { ...manifest.policies, night },
  };
  return { bundle, ...(await writeBundle({ manifest: draft, input, stages })) };
}

/** Files of `rows` rows in all, one after the other: they need not be in memory together. */
export function* inputFiles(rows: number): Generator<Uint8Array<ArrayBuffer>> {
  const random = createRandom(7).fork('nightly');
  for (let begin = 0; begin < rows; begin += ROWS_PER_FILE) {
    const count = Math.min(ROWS_PER_FILE, rows - begin);
    const data = new Float32Array(count * WIDTH);
    for (let i = 0; i < data.length; i++) data[i] = 2 * random.normal();
    yield writeSafetensors([{ name: 'x', dtype: 'F32', shape: [count, WIDTH], data }]);
  }
}
