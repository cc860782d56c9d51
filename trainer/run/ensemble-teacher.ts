// Teacher `ensemble`: several networks trained one after the other on the same labels, whose
// probabilities are averaged (Hinton et al. 2015, §3, distil such a mean).
import { asLogits, meanProbabilities } from '../distill/refine-targets.ts';
import type { EpochReport } from '../fit/fit.ts';
import type { TeacherKind } from '../teacher/create-teacher.ts';
import { phaseCount } from './phase.ts';
import type { PhaseContext } from './phase-context.ts';
import { NETWORK_OPTIONS, type TeacherMember } from './train-options.ts';
import { type TeacherLogits, trainedTeacher } from './trained-teacher.ts';

interface EnsembleContext extends PhaseContext {
  onEpoch(report: EpochReport): void;
}

/** The options of a run as those of one of its networks. */
export function teacherMember(
  teacher: TeacherKind,
  options: Omit<TeacherMember, 'teacher'>,
): TeacherMember {
  const own = Object.fromEntries(NETWORK_OPTIONS.map((name) => [name, options[name]]));
  return { teacher, ...(own as Omit<TeacherMember, 'teacher'>) };
}

/** @throws {TypeError} when `options.teacherMembers` is missing. */
export async function ensembleTeacher(context: EnsembleContext): Promise<TeacherLogits> {
  const { graph, options } = context;
  const { teacherMembers } = options;
  if (!teacherMembers) throw new TypeError("Teacher 'ensemble' needs 'teacherMembers'");
  const members: TeacherLogits[] = [];
  const total = phaseCount(options);
  for (const [index, member] of teacherMembers.entries()) {
    const name = `${member.teacher.toUpperCase()}, ${index + 1} of ${teacherMembers.length} teachers`;
    context.progress.phase({ number: 1, total, name });
    members.push(
      await trainedTeacher({
        ...context,
        options: { ...options, ...member },
        kind: member.teacher,
        random: context.random.fork(member.teacher),
      }),
    );
  }
  const classes = graph.classes.length;
  const mean = (logits: readonly Float32Array[]) => asLogits(meanProbabilities(logits, classes));
  const seen = mean(members.map((member) => member.seen));
  // In the transductive setting both are the same array, and stay so.
  const same = members.every((member) => member.seen === member.whole);
  return { seen, whole: same ? seen : mean(members.map((member) => member.whole)) };
}
