// ProGMLP inside the harness: the cascade of one structure and its running output.
import { type DistilledStage, distillCascade } from '../distill/distill-cascade.ts';
import { runningClasses } from '../evaluate/running-output.ts';
import { distillOptions } from '../run/distill-options.ts';
import { gateHeads } from '../run/gate-heads.ts';
import { stageTemperatures } from '../run/stage-temperatures.ts';
import type { Structure } from '../student/student.ts';
import { cascadeWidths } from '../student/widths.ts';
import type { Method, PreparedMethod } from './method.ts';

/** A method whose students build on each other, and how. */
const STRUCTURE_OF = {
  'progmlp-paper': 'paper',
  'progmlp-incremental': 'incremental',
  'progmlp-additive': 'additive',
} as const satisfies Partial<Record<Method, Structure>>;

export type StaircaseMethod = keyof typeof STRUCTURE_OF;

export const isStaircase = (method: string): method is StaircaseMethod =>
  Object.hasOwn(STRUCTURE_OF, method);

export const structureOf = (method: StaircaseMethod): Structure => STRUCTURE_OF[method];

export interface TrainedCascade {
  readonly stages: readonly DistilledStage[];
  readonly widths: readonly number[];
  /** Per number of stages k, int32 [N]: class by the running output q_k. */
  readonly running: readonly Int32Array[];
}

/** Trains K students and mixes them as the bundle does: per node, temperatures from validation. */
export async function trainCascade(
  structure: Structure,
  given: PreparedMethod,
): Promise<TrainedCascade> {
  const { graph, data, teacherLogits, options, random, onEpoch, engine, signal } = given;
  const classes = graph.classes.length;
  const widths = cascadeWidths(structure, options);
  const students = await distillCascade({
    // The paper's row is the paper's method: its students learn from the teacher alone.
    ...distillOptions(graph, data, {
      ...options,
      structure,
      widths,
      ...(structure === 'paper' && { targets: 'teacher', averaging: 0 }),
    }),
    teacherLogits,
    random: random.fork('students'),
    onEpoch,
    engine,
    signal,
  });
  const stages =
    structure === 'additive' && options.gatekeeper > 0
      ? await gateHeads(students, { ...given, structure, gatekeeper: options.gatekeeper })
      : students;
  const logits = stages.map((stage) => stage.logits);
  const temperatures = stageTemperatures({ graph, data, logits });
  const all = Int32Array.from({ length: graph.labels.length }, (_, node) => node);
  const running = stages.map((_, k) =>
    runningClasses(logits.slice(0, k + 1), temperatures, classes, all),
  );
  return { stages, widths, running };
}
