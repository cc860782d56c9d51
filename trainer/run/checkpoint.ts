// Finished phases of a run on disk, so that an interrupted run goes on where it
// stopped. Every phase has its own random stream, so a resumed run gives the same bits.
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  parseSafetensors,
  readTensor,
  sha256Hex,
  type TensorData,
  writeSafetensors,
} from '@dandan/shared/bundle';
import type { Weights } from '../network/weights.ts';
import { writeFileAtomic } from './write-file-atomic.ts';

/** What a phase leaves: flat float32 arrays and numbers. */
export interface PhaseResult {
  readonly arrays: Weights;
  readonly numbers: Readonly<Record<string, number>>;
}

export interface Checkpoint {
  load(phase: string): Promise<PhaseResult | undefined>;
  save(phase: string, result: PhaseResult): Promise<void>;
  /** Removes everything, once the run's outputs are written. */
  clear(): Promise<void>;
}

/** No checkpoint, as for a run in memory. */
export const noCheckpoint: Checkpoint = {
  load: async () => undefined,
  save: async () => {},
  clear: async () => {},
};

/** SHA-256 over everything a phase left, in file order. */
function digest(arrays: readonly (readonly [string, Float32Array])[], numbers: string) {
  const parts = [
    new TextEncoder().encode(
      JSON.stringify([numbers, arrays.map(([name, { length }]) => [name, length])]),
    ),
    ...arrays.map(
      ([, { buffer, byteOffset, byteLength }]) => new Uint8Array(buffer, byteOffset, byteLength),
    ),
  ];
  return sha256Hex(Buffer.concat(parts));
}

/** @throws when the bytes are not what `save` wrote. */
async function unpack(bytes: Uint8Array, key: string): Promise<PhaseResult | undefined> {
  const file = parseSafetensors(bytes);
  if (file.metadata.key !== key) return undefined;
  const arrays = [...file.tensors].map(
    ([name, { shape }]) => [name, readTensor(bytes, file, name, { dtype: 'F32', shape })] as const,
  );
  const { numbers = '{}' } = file.metadata;
  if (file.metadata.sha256 !== (await digest(arrays, numbers))) return undefined;
  return { arrays: Object.fromEntries(arrays), numbers: JSON.parse(numbers) };
}

/**
 * Checkpoint in a folder. A phase saved under another `key` (other data, other
 * options) is ignored, never mixed in; so is a file that is cut off or altered:
 * the phase then runs again.
 */
export function folderCheckpoint(folder: string, key: string): Checkpoint {
  const fileOf = (phase: string) => join(folder, `${phase}.safetensors`);
  return {
    async load(phase) {
      try {
        return await unpack(await readFile(fileOf(phase)), key);
      } catch {
        return undefined;
      }
    },
    async save(phase, { arrays, numbers }) {
      const entries = Object.entries(arrays);
      const tensors = entries.map(
        ([name, data]): TensorData => ({ name, dtype: 'F32', shape: [data.length], data }),
      );
      const text = JSON.stringify(numbers);
      const sha256 = await digest(entries, text);
      const bytes = writeSafetensors(tensors, { key, numbers: text, sha256 });
      await writeFileAtomic(fileOf(phase), bytes);
    },
    clear: () => rm(folder, { recursive: true, force: true }),
  };
}
