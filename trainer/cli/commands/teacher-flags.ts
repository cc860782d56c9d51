// The options of `dandan train` about the teacher. Without them each kind of teacher has
// the hyper-parameters of its paper.
import { InputError } from '@dandan/shared/error';
import { type Command, Option } from 'commander';
import { teacherMember } from '../../run/ensemble-teacher.ts';
import {
  DEFAULTS,
  ENSEMBLE,
  TEACHER_CHOICES,
  TEACHER_DEFAULTS,
  type TeacherChoice,
  type TrainOptions,
} from '../../run/train-options.ts';
import { TEACHERS, type TeacherKind } from '../../teacher/create-teacher.ts';
import { TEACHER_INPUTS, type TeacherInput } from '../../teacher/scale-input.ts';
import { numberOption } from '../number-option.ts';

export interface TeacherFlags {
  teacher: TeacherChoice;
  teacherInput: TeacherInput;
  teacherHidden: number;
  teacherDepth: number;
  teacherHeads: number;
  teacherOutputHeads: number;
  teacherAttentionDropout: number;
  teacherDropout?: number;
  teacherLearningRate?: number;
  teacherWeightDecay?: number;
  teacherEpochs?: number;
  teacherPatience?: number;
}

/** The teacher's part of a run's choices. @throws {InputError} `option-invalid`. */
export function teacherOptions(flags: TeacherFlags) {
  const options = networkOptions(flags);
  if (flags.teacher !== 'ensemble') return options;
  const teacherMembers = ENSEMBLE.map((teacher) =>
    teacherMember(teacher, { ...DEFAULTS, ...networkOptions({ ...flags, teacher }) }),
  );
  return { ...options, teacherMembers };
}

function networkOptions(flags: TeacherFlags) {
  const usual = TEACHER_DEFAULTS[flags.teacher];
  const { teacherHidden, teacherHeads } = flags;
  if (flags.teacher === 'gat' && teacherHidden % teacherHeads !== 0) {
    throw new InputError(
      'option-invalid',
      `${teacherHeads} heads cannot share ${teacherHidden} hidden units evenly`,
      { field: '--teacher-heads', value: teacherHeads, allowed: 'a divisor of --teacher-hidden' },
    );
  }
  return {
    teacher: flags.teacher,
    teacherInput: flags.teacherInput,
    teacherHidden,
    teacherDepth: flags.teacherDepth,
    teacherHeads,
    teacherOutputHeads: flags.teacherOutputHeads,
    teacherAttentionDropout: flags.teacherAttentionDropout,
    teacherDropout: flags.teacherDropout ?? usual.teacherDropout,
    teacherLearningRate: flags.teacherLearningRate ?? usual.teacherLearningRate,
    teacherWeightDecay: flags.teacherWeightDecay ?? usual.teacherWeightDecay,
    teacherMaxEpochs: flags.teacherEpochs ?? usual.teacherMaxEpochs,
    teacherPatience: flags.teacherPatience ?? usual.teacherPatience,
  } satisfies Partial<TrainOptions>;
}

/** What each kind has by default, for the help. */
const byKind = (key: keyof (typeof TEACHER_DEFAULTS)[TeacherKind]) =>
  `default: ${TEACHERS.map((kind) => `${TEACHER_DEFAULTS[kind][key]} ${kind}`).join(', ')}`;

export function declareTeacherFlags(command: Command): Command {
  const positive = numberOption({ minimum: 0, maximum: 1000 });
  const share = numberOption({ minimum: 0, maximum: 0.95 });
  const count = numberOption({ minimum: 1, maximum: 1_000_000, whole: true });
  const heads = numberOption({ minimum: 1, maximum: 64, whole: true });
  return command
    .addOption(
      new Option('--teacher <kind>', 'teacher GNN; ensemble is the mean of gcn, gat and sage')
        .choices(TEACHER_CHOICES)
        .default(DEFAULTS.teacher),
    )
    .addOption(
      new Option('--teacher-input <kind>', 'how sparse features are scaled for the teacher')
        .choices(TEACHER_INPUTS)
        .default(DEFAULTS.teacherInput),
    )
    .option(
      '--teacher-hidden <units>',
      'hidden units of the teacher, all heads together',
      numberOption({ minimum: 1, maximum: 4096, whole: true }),
      DEFAULTS.teacherHidden,
    )
    .option(
      '--teacher-depth <n>',
      'graph layers of the teacher',
      numberOption({ minimum: 1, maximum: 16, whole: true }),
      DEFAULTS.teacherDepth,
    )
    .option('--teacher-heads <n>', 'attention heads of gat', heads, DEFAULTS.teacherHeads)
    .option(
      '--teacher-output-heads <n>',
      'attention heads of its output layer, averaged',
      heads,
      DEFAULTS.teacherOutputHeads,
    )
    .option(
      '--teacher-attention-dropout <p>',
      'dropout on its attention coefficients',
      share,
      DEFAULTS.teacherAttentionDropout,
    )
    .option('--teacher-dropout <p>', `teacher dropout; ${byKind('teacherDropout')}`, share)
    .option('--teacher-learning-rate <r>', byKind('teacherLearningRate'), positive)
    .option('--teacher-weight-decay <d>', byKind('teacherWeightDecay'), positive)
    .option('--teacher-epochs <n>', `most epochs; ${byKind('teacherMaxEpochs')}`, count)
    .option(
      '--teacher-patience <n>',
      `epochs without improvement before it stops; ${byKind('teacherPatience')}`,
      count,
    );
}
