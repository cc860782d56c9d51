// Finished phases of a run on disk, so that an interrupted run goes on where it
// stopped. Every phase has its own random stream, so a resumed run gives the same bits.
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { parseSafetensors, readTensor, writeSafetensors } from '@dandan/shared/bundle';
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

/**
 * Checkpoint in a folder. A phase saved under another `key` (other data, other
 * options) is ignored, never mixed in.
 */
export function folderCheckpoint(folder: string, key: string): Checkpoint {
  const fileOf = (phase: string) => join(folder, `${phase}.safetensors`);
  return {
    async load(phase) {
      let bytes: Uint8Array;
      try {
        bytes = await readFile(fileOf(phase));
      } catch {
        return undefined;
      }
      const file = parseSafetensors(bytes);
      if (file.metadata.key !== key) return undefined;
      const names = [...file.tensors.keys()];
      const arrays = names.map((name) => {
        const shape = file.tensors.get(name)?.shape ?? [];
        return [name, readTensor(bytes, file, name, { dtype: 'F32', shape })] as const;
      });
      return {
        arrays: Object.fromEntries(arrays),
        numbers: JSON.parse(file.metadata.numbers ?? '{}'),
      };
    },
    async save(phase, { arrays, numbers }) {
      await mkdir(folder, { recursive: true });
      const tensors = Object.entries(arrays).map(
        ([name, data]) => ({ name, dtype: 'F32', shape: [data.length], data }) as const,
      );
      const bytes = writeSafetensors(tensors, { key, numbers: JSON.stringify(numbers) });
      await writeFileAtomic(fileOf(phase), bytes);
    },
    clear: () => rm(folder, { recursive: true, force: true }),
  };
}
