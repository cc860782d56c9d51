// The options of `dandan train` and what they mean for a run.
import { basename, resolve } from 'node:path';
import { modelNameSchema } from '@dandan/shared/bundle';
import { InputError } from '@dandan/shared/error';
import { type Command, Option } from 'commander';
import * as z from 'zod';
import type { GraphData } from '../../graph/graph-data.ts';
import {
  DEFAULTS,
  SETTINGS,
  SPLITS,
  STRUCTURES,
  type TrainOptions,
} from '../../run/train-options.ts';
import { defaultWidths, fitsStructure } from '../../student/widths.ts';
import { numberListOption, numberOption } from '../number-option.ts';
import { textOption } from '../text-option.ts';
import {
  type DisturbanceFlags,
  declareDisturbanceFlags,
  disturbanceOptions,
} from './disturbance-flags.ts';
import { declarePromiseFlags, type PromiseFlags, promisesOf } from './promise-flags.ts';
import { declareProtocolFlags, type ProtocolFlags, protocolOptions } from './protocol-flags.ts';
import { declareStudentFlags, type StudentFlags, studentOptions } from './student-flags.ts';
import { declareTeacherFlags, type TeacherFlags, teacherOptions } from './teacher-flags.ts';

/** The paper's search space ends at six students. */
const MAX_TRAINED_STAGES = 6;

/** Flags of `dandan train`, as commander fills them in. */
export interface TrainFlags
  extends TeacherFlags,
    StudentFlags,
    DisturbanceFlags,
    ProtocolFlags,
    PromiseFlags {
  data: string;
  stages: number;
  structure: TrainOptions['structure'];
  setting?: TrainOptions['setting'];
  split?: (typeof SPLITS)[number];
  seed: number;
  seeds: number;
  out: string;
  model?: string;
  modelVersion: string;
  hidden: number;
  hiddenLayers: number;
  batch: number;
  widths?: number[];
  fresh: boolean;
  json: boolean;
}

const choice = (flags: string, text: string, values: readonly string[]) =>
  new Option(flags, text).choices(values);

/** Names in URLs and topics: lower case, digits, dashes. */
export const modelName = (data: string) =>
  basename(resolve(data))
    .toLowerCase()
    .replaceAll(/[^a-z0-9-]+/g, '-')
    .replace(/^-+/, '')
    .slice(0, 63) || 'model';

/**
 * @throws {InputError} `option-invalid` when a stage would add no unit, or the widths given are
 * not those of K stages of the structure.
 */
function widthsOf({ structure, stages, hidden, widths: given }: TrainFlags): number[] {
  const widths = given ?? defaultWidths(structure, stages, hidden);
  if (fitsStructure(structure, widths)) return widths;
  if (given) {
    throw new InputError('option-invalid', `These widths do not fit the ${structure} structure`, {
      field: '--widths',
      value: given.join(','),
      allowed: structure === 'paper' ? 'equal widths' : 'growing widths, each larger than the last',
    });
  }
  throw new InputError('option-invalid', `${hidden} units are too few for ${stages} stages`, {
    field: '--hidden',
    value: hidden,
    allowed: 'so many that every stage adds at least one unit',
  });
}

/**
 * A gateway builds a row from an asset's own channels: it would serve such a bundle rows that it
 * was not trained on.
 *
 * @throws {InputError} `option-invalid`.
 */
function checkTelemetry({ propagation, positions }: TrainFlags): void {
  if (propagation === 0 && positions === 0) return;
  throw new InputError('option-invalid', 'Rows of telemetry hold the own channels of an asset', {
    field: propagation > 0 ? '--propagation' : '--positions',
    value: propagation > 0 ? propagation : positions,
    allowed: '0 for telemetry and "plant"; any for graphs whose rows come ready-made',
  });
}

/** The choices that fix a run of `graph`. @throws {InputError} `option-invalid`. */
export function trainOptions(
  flags: TrainFlags,
  seed: number,
  { featureSpec, places }: Pick<GraphData, 'featureSpec' | 'places'>,
): TrainOptions {
  const telemetry = featureSpec.kind === 'telemetry';
  if (telemetry) checkTelemetry(flags);
  return {
    ...DEFAULTS,
    ...teacherOptions(flags),
    ...protocolOptions(flags),
    structure: flags.structure,
    widths: widthsOf(flags),
    hiddenLayers: flags.hiddenLayers,
    batch: flags.batch,
    // A gateway meets rows of the future: unless told otherwise, telemetry is judged on unseen ones.
    setting: flags.setting ?? (telemetry ? 'ind' : 'tran'),
    seed,
    ...studentOptions(flags),
    ...disturbanceOptions(flags, places?.exclusive),
    ...promisesOf(flags),
    delta: flags.delta,
  };
}

/** Declares the options of `dandan train`. */
export function declareTrainFlags(command: Command): Command {
  command.requiredOption(
    '--data <path>',
    'folder of a plant.yaml, graph folder or file, or "plant" for the embedded plant',
  );
  declareProtocolFlags(declareTeacherFlags(command))
    .option(
      '--stages <K>',
      'number of stages',
      numberOption({ minimum: 1, maximum: MAX_TRAINED_STAGES, whole: true }),
      4,
    )
    .addOption(
      choice('--structure <kind>', 'how stages build on each other', STRUCTURES).default(
        DEFAULTS.structure,
      ),
    )
    .addOption(
      choice(
        '--setting <kind>',
        'tran(sductive) or ind(uctive); default tran for graphs, ind for telemetry',
        SETTINGS,
      ),
    )
    .addOption(
      choice('--split <kind>', 'default: public where the data has one, else random', SPLITS),
    )
    .option(
      '--seed <S>',
      'seed that fixes every result',
      numberOption({ minimum: 0, maximum: 2 ** 31 - 1, whole: true }),
      DEFAULTS.seed,
    )
    .option(
      '--seeds <n>',
      'train seeds S..S+n-1 and report mean and deviation',
      numberOption({ minimum: 1, maximum: 100, whole: true }),
      1,
    )
    .option('--out <dir>', 'where bundle and figures go', 'out')
    .option('--model <name>', 'model name; default: the data folder', textOption(modelNameSchema))
    .option(
      '--model-version <text>',
      'version stored in the bundle',
      textOption(z.string().regex(/^.{1,64}$/, '1 to 64 characters')),
      '1',
    )
    .option(
      '--hidden <units>',
      'hidden units of the last stage',
      numberOption({ minimum: 4, maximum: 4096, whole: true }),
      64,
    )
    .option(
      '--widths <m1,..,mK>',
      'hidden units after each stage, instead of --stages and --hidden',
      numberListOption({ minimum: 1, maximum: 4096, most: MAX_TRAINED_STAGES }),
    )
    .option(
      '--hidden-layers <L>',
      'hidden layers per student',
      numberOption({ minimum: 1, maximum: 8, whole: true }),
      DEFAULTS.hiddenLayers,
    );
  declareDisturbanceFlags(declareStudentFlags(command)).option(
    '--batch <rows>',
    'rows of a training step, 0 for all: quicker students and, with teacher sign, large graphs',
    numberOption({ minimum: 0, maximum: 4_194_304, whole: true }),
    DEFAULTS.batch,
  );
  return declarePromiseFlags(command)
    .option('--fresh', 'forget the steps an interrupted run has finished', false)
    .option('--json', 'one JSON object as the last line of stdout', false);
}
