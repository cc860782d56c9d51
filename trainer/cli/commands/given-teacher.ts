// `--teacher-logits FILE`: a teacher trained elsewhere instead of one of ours.
import type { Command } from 'commander';
import type { GraphData } from '../../graph/graph-data.ts';
import type { TrainOptions } from '../../run/train-options.ts';
import { readTeacherLogits } from '../../teacher/file/read-teacher-logits.ts';

export interface GivenTeacherFlags {
  teacherLogits?: string;
}

export interface GivenTeacher {
  /** float32 [N, C]; undefined where the teacher is to be trained. */
  readonly teacherLogits: Float32Array | undefined;
  /** What the file changes in a run's options. */
  readonly options: Partial<TrainOptions>;
}

export function declareGivenTeacher(command: Command): Command {
  return command.option(
    '--teacher-logits <file>',
    'distil a teacher trained elsewhere: .npy or .safetensors, one row per node and one column per class, trained without the labels of validation and test nodes',
  );
}

/** @throws {InputError} `data-missing` or `data-invalid`, see `readTeacherLogits`. */
export async function readGivenTeacher(
  { teacherLogits: path }: GivenTeacherFlags,
  { adjacency: { nodeCount }, classes }: GraphData,
): Promise<GivenTeacher> {
  if (path === undefined) return { teacherLogits: undefined, options: {} };
  const { logits, sha256 } = await readTeacherLogits({ path, nodeCount, classes: classes.length });
  return { teacherLogits: logits, options: { teacher: 'file', teacherLogits: sha256 } };
}
