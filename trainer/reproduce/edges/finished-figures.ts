// Measurements on disk, one small file each, so that a stopped command goes on where it was.
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileAtomic } from '../../run/write-file-atomic.ts';
import type { TeacherKind } from '../../teacher/create-teacher.ts';
import type { EdgeHistory } from './edge-history.ts';
import type { EdgeVariant } from './edge-variants.ts';
import { type EdgeFigures, edgeOptions } from './measure-variant.ts';

export interface FinishedFigures {
  find(variant: EdgeVariant): Promise<EdgeFigures | undefined>;
  keep(variant: EdgeVariant, figures: EdgeFigures): Promise<void>;
}

export interface FinishedFiguresOptions {
  readonly dir: string;
  readonly history: EdgeHistory;
  readonly network: TeacherKind;
  readonly seed: number;
  /** Figures of other code are measured again. */
  readonly codeVersion: string;
}

/** All that fixes a measurement. */
function identityOf(options: FinishedFiguresOptions): string {
  const { history, network, seed, codeVersion } = options;
  const { split, places, features, labels, topology, spec } = history;
  const hash = createHash('sha256');
  hash.update(
    JSON.stringify([edgeOptions(network, seed), codeVersion, topology, spec, places.kinds]),
  );
  const { train, validation, test, unlabelled, unseen = new Int32Array(0) } = split;
  const sets = [train, validation, test, unlabelled, unseen];
  const arrays = [features.values, labels, places.asset, places.run, places.time, ...sets];
  for (const array of arrays) hash.update(`${array.byteLength};`).update(array);
  return hash.digest('hex').slice(0, 16);
}

export function openFinishedFigures(options: FinishedFiguresOptions): FinishedFigures {
  const { dir } = options;
  const identity = identityOf(options);
  const pathOf = ({ name, graph }: EdgeVariant) => {
    const variant = createHash('sha256')
      .update(JSON.stringify([name, graph]))
      .digest('hex');
    return join(dir, `${identity}-${variant.slice(0, 16)}.json`);
  };
  return {
    async find(variant) {
      const text = await readFile(pathOf(variant), 'utf8').catch(() => undefined);
      return text === undefined ? undefined : (JSON.parse(text) as EdgeFigures);
    },
    keep: (variant, figures) => writeFileAtomic(pathOf(variant), JSON.stringify(figures)),
  };
}
