// The options of `dandan tune`: those of `train`, which every trial shares unless they are
// searched, and those of the search.
import { availableParallelism } from 'node:os';
import { InputError } from '@dandan/shared/error';
import type { Command, Option } from 'commander';
import { declareConfigOption, fileOptions, unknownKey } from '../../config/config-option.ts';
import { optionValue } from '../../config/option-value.ts';
import { readSpace } from '../../tune/read-space.ts';
import { type Dimension, isSpaceName, SPACES, type Space } from '../../tune/space.ts';
import { numberOption } from '../number-option.ts';
import { type DeviceFlag, declareDevice } from './device-flag.ts';
import { declareGivenTeacher, type GivenTeacherFlags } from './given-teacher.ts';
import { declareTrainFlags, type TrainFlags } from './train-flags.ts';

/** Flags of `dandan tune`, as commander fills them in. */
export interface TuneFlags extends TrainFlags, GivenTeacherFlags, DeviceFlag {
  trials: number;
  space: string;
  reduction: number;
  workers: number;
}

/** Options of `train` that say what is learnt and told, not how: trials must agree on them. */
const TASK: readonly string[] = [
  'alpha',
  'batchThreshold',
  'config',
  'data',
  'delta',
  'device',
  'escalation',
  'featureNoise',
  'fresh',
  'gatewayStages',
  'json',
  'labelsPerClass',
  'model',
  'modelVersion',
  'out',
  'seed',
  'seeds',
  'setting',
  'split',
  'teacherLogits',
  'threads',
  'validationPerClass',
  'worstClass',
];

const SEARCH: readonly (keyof TuneFlags)[] = ['trials', 'space', 'reduction', 'workers'];

/** What the shared options mean to a search, where that differs. */
const DESCRIPTIONS: Readonly<Record<string, string>> = {
  seed: 'seed of the search and of its training runs',
  seeds: 'judge every trial by its mean over seeds S..S+n-1',
  out: 'where journal, configuration and report go',
  threads: 'threads of each worker; trials side by side use the cores better',
  fresh: 'forget what the folder knows of an interrupted search',
};

const DEFAULTS: Readonly<Record<string, unknown>> = { out: 'out/tune', threads: 1 };

/** Options of one trial that a space may name. */
export function searchable(command: Command): ReadonlyMap<string, Option> {
  const names = [...fileOptions(command)];
  return new Map(
    names.filter(([name]) => !TASK.includes(name) && !SEARCH.includes(name as keyof TuneFlags)),
  );
}

/** Declares the options of `dandan tune`. */
export function declareTuneFlags(command: Command): Command {
  command.optionsGroup('Options of train:');
  declareConfigOption(declareDevice(declareGivenTeacher(declareTrainFlags(command))));
  for (const option of command.options) {
    const name = option.attributeName();
    option.description = DESCRIPTIONS[name] ?? option.description;
    if (Object.hasOwn(DEFAULTS, name)) {
      option.default(DEFAULTS[name]);
      command.setOptionValueWithSource(name, option.defaultValue, 'default');
    }
  }
  return command
    .optionsGroup('Options of the search:')
    .option(
      '--trials <n>',
      'trials; the first is the run without tuning',
      numberOption({ minimum: 2, maximum: 10_000, whole: true }),
      40,
    )
    .option(
      '--space <name>',
      `${Object.keys(SPACES).join(', ')}, or a JSON file such as { "dropout": [0.1, 0.5] }; options given are not searched`,
      'paper',
    )
    .option(
      '--reduction <eta>',
      'each of three rungs keeps 1/eta of its trials; 1 stops none early',
      numberOption({ minimum: 1, maximum: 10 }),
      3,
    )
    .option(
      '--workers <n>',
      'processes that train side by side; default: one per core',
      numberOption({ minimum: 1, maximum: 256, whole: true }),
      availableParallelism(),
    );
}

/** Checks by the option's own rules what a dimension may draw. */
function checkDimension(option: Option, field: string, dimension: Dimension): void {
  const ends = [dimension.kind === 'choice' ? dimension.values : []].flat();
  const values = dimension.kind === 'range' ? [dimension.minimum, dimension.maximum] : ends;
  for (const value of values) optionValue({ option, value, field });
}

/** Whether the user said it, on the command line or in a configuration file. */
export const isGiven = (command: Command, name: string): boolean =>
  ['cli', 'config'].includes(command.getOptionValueSource(name) ?? 'default');

/** Whether another option that is given decides it. */
function isImplied(command: Command, name: string): boolean {
  if (['hidden', 'stages'].includes(name)) return isGiven(command, 'widths');
  return name.startsWith('teacher') && isGiven(command, 'teacherLogits');
}

/**
 * What is left to search: the space without what is given.
 *
 * @throws {InputError} `config-invalid` naming file and key; `option-invalid` when nothing is left.
 */
export function spaceOf(command: Command, { space: source }: TuneFlags): Space {
  const known = searchable(command);
  const left = Object.entries(readSpace(source)).filter(([name, dimension]) => {
    const field = isSpaceName(source) ? name : `${source}: ${name}`;
    const option = known.get(name);
    if (!option) throw unknownKey(field, name, known.keys());
    checkDimension(option, field, dimension);
    return !isGiven(command, name) && !isImplied(command, name);
  });
  if (left.length > 0) return Object.fromEntries(left);
  throw new InputError('option-invalid', 'Nothing is left to search', {
    field: '--space',
    value: source,
    allowed: 'a space with options that are not given',
  });
}
