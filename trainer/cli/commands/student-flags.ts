// The options of `dandan train` about how students learn: targets, distillation, mixup,
// optimiser.
import { MAX_HOPS, MAX_POSITIONS } from '@dandan/shared/features';
import { type Command, Option } from 'commander';
import { TARGETS } from '../../distill/choose-targets.ts';
import { INPUT_SCALINGS, type InputScaling } from '../../quantise/column-scale.ts';
import { DEFAULTS, type TrainOptions } from '../../run/train-options.ts';
import { numberOption } from '../number-option.ts';

export interface StudentFlags {
  targets: TrainOptions['targets'];
  labelWeight: number;
  stageWeight: number;
  temperature: number;
  mixupSign: TrainOptions['mixupSign'];
  mixupWeight: number;
  mixupStart: number;
  mixupStep: number;
  propagation: number;
  positions: number;
  inputScaling: InputScaling;
  inputDropout: number;
  dropout: number;
  averaging: number;
  gatekeeper: number;
  learningRate: number;
  weightDecay: number;
  epochs: number;
  patience: number;
}

/** The students' part of a run's choices. */
export function studentOptions(flags: StudentFlags) {
  return {
    targets: flags.targets,
    propagation: flags.propagation,
    positions: flags.positions,
    // Absent where it is as in runs of before, whose bundles keep their bytes.
    ...(flags.inputScaling !== 'standard' && { inputScaling: flags.inputScaling }),
    inputDropout: flags.inputDropout,
    dropout: flags.dropout,
    averaging: flags.averaging,
    gatekeeper: flags.gatekeeper,
    student: {
      ...DEFAULTS.student,
      learningRate: flags.learningRate,
      weightDecay: flags.weightDecay,
      alpha: flags.labelWeight,
      beta: flags.stageWeight,
      temperature: flags.temperature,
      mixupWeight: flags.mixupWeight,
      maxEpochs: flags.epochs,
      patience: flags.patience,
    },
    mixupSign: flags.mixupSign,
    mixupInitial: flags.mixupStart,
    mixupGamma: flags.mixupStep,
  } satisfies Partial<TrainOptions>;
}

const choice = (flags: string, text: string, values: readonly string[]) =>
  new Option(flags, text).choices(values);

export function declareStudentFlags(command: Command): Command {
  const { student } = DEFAULTS;
  const positive = numberOption({ minimum: 0, maximum: 1000 });
  const share = numberOption({ minimum: 0, maximum: 0.95 });
  const count = numberOption({ minimum: 1, maximum: 1_000_000, whole: true });
  return command
    .addOption(
      choice(
        '--targets <kind>',
        'teacher as it is, or the best of teacher, students and graph',
        TARGETS,
      ).default(DEFAULTS.targets),
    )
    .option(
      '--label-weight <a>',
      'alpha of PKD: labels against teacher',
      numberOption({ minimum: 0, maximum: 1 }),
      student.alpha,
    )
    .option('--stage-weight <b>', 'beta of PKD: stage k weighs k^b', positive, student.beta)
    .option(
      '--temperature <T>',
      'distillation temperature',
      numberOption({ minimum: 0.1, maximum: 100 }),
      student.temperature,
    )
    .addOption(
      choice('--mixup-sign <sign>', 'sign of Eq. 7', ['printed', 'prose']).default(
        DEFAULTS.mixupSign,
      ),
    )
    .option('--mixup-weight <w>', 'weight of PMA; 0 leaves it out', positive, student.mixupWeight)
    .option(
      '--mixup-start <lambda>',
      'lambda of the first stage, 0 easy .. 0.5 hard',
      numberOption({ minimum: 0, maximum: 0.5 }),
      DEFAULTS.mixupInitial,
    )
    .option('--mixup-step <g>', 'gamma of Eq. 7', positive, DEFAULTS.mixupGamma)
    .option(
      '--propagation <R>',
      'students read the mean of the features over R hops; who asks them must know the neighbours',
      numberOption({ minimum: 0, maximum: MAX_HOPS, whole: true }),
      DEFAULTS.propagation,
    )
    .option(
      '--positions <D>',
      "students also read D coordinates of a node's place in the graph",
      numberOption({ minimum: 0, maximum: MAX_POSITIONS, whole: true }),
      DEFAULTS.positions,
    )
    .addOption(
      choice(
        '--input-scaling <kind>',
        'of dense features: mean and deviation, or median and interquartile range',
        INPUT_SCALINGS,
      ).default('standard'),
    )
    .option(
      '--input-dropout <p>',
      'share of the features that training hides from the students',
      share,
      DEFAULTS.inputDropout,
    )
    .option('--dropout <p>', 'student dropout', share, DEFAULTS.dropout)
    .option(
      '--averaging <d>',
      'running mean of the weights: what the past keeps at every epoch',
      share,
      DEFAULTS.averaging,
    )
    .option(
      '--gatekeeper <w>',
      'weight of the loss that teaches early stages when to stop; 0 leaves it out',
      positive,
      DEFAULTS.gatekeeper,
    )
    .option('--learning-rate <r>', 'student learning rate', positive, student.learningRate)
    .option('--weight-decay <d>', 'student weight decay', positive, student.weightDecay)
    .option('--epochs <n>', 'most epochs per student', count, student.maxEpochs)
    .option(
      '--patience <n>',
      'epochs without improvement before a student stops',
      count,
      student.patience,
    );
}
