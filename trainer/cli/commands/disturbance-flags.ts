// The options of `dandan train` for rows that come from a plant: what mixup may pair, and what
// disturbances the students meet in training.
import { type Command, InvalidArgumentError, Option } from 'commander';
import { AUGMENT_SCHEDULES } from '../../distill/augment/augmentation.ts';
import { MIXUP_PARTNERS, MIXUP_ROWS } from '../../distill/partners/partner-rules.ts';
import type { AugmentationOptions, MixupPairs, TrainOptions } from '../../run/train-options.ts';
import { numberOption } from '../number-option.ts';

export interface DisturbanceFlags {
  mixupPartners: MixupPairs['partners'];
  mixupRows: MixupPairs['rows'];
  mixupWindows: number;
  exclusiveClasses?: string[];
  augmentNoise: number;
  augmentDropout: number;
  augmentDrift: number;
  augmentSchedule: AugmentationOptions['schedule'];
}

/** Beside a slash no class name of a plant needs more. */
const BETWEEN = '/';

/** Lists of classes, as text: the configuration file holds no lists of lists. */
export function exclusiveOption(text: string): string[] {
  const lists = text.split(',').map((list) => list.trim());
  const names = lists.flatMap((list) => list.split(BETWEEN)).map((name) => name.trim());
  if (names.every((name) => name !== '') && lists.every((list) => list.includes(BETWEEN))) {
    return lists;
  }
  throw new InvalidArgumentError(
    'It must be classes joined by slashes, lists of them separated by commas: leak/blockage,idle/leak.',
  );
}

/**
 * Nothing where nothing was asked for: bundles then tell of no such choice.
 *
 * @param stated Exclusive classes of the plant, which hold where no flag names others.
 */
export function disturbanceOptions(
  flags: DisturbanceFlags,
  stated: MixupPairs['exclusive'] = [],
): Pick<TrainOptions, 'mixupPairs' | 'augmentation'> {
  const { mixupPartners: partners, mixupRows: rows, mixupWindows: windows } = flags;
  const named = flags.exclusiveClasses?.map((list) =>
    list.split(BETWEEN).map((name) => name.trim()),
  );
  const exclusive = named ?? stated;
  const { augmentNoise: noise, augmentDropout: dropout, augmentDrift: drift } = flags;
  const pairs = partners !== 'any' || rows !== 'labelled' || windows > 0 || exclusive.length > 0;
  return {
    ...(pairs && { mixupPairs: { partners, rows, windows, exclusive } }),
    ...((noise > 0 || dropout > 0 || drift > 0) && {
      augmentation: { noise, dropout, drift, schedule: flags.augmentSchedule },
    }),
  };
}

const choice = (flags: string, text: string, values: readonly string[]) =>
  new Option(flags, text).choices(values).default(values[0]);

export function declareDisturbanceFlags(command: Command): Command {
  const deviations = numberOption({ minimum: 0, maximum: 10 });
  return command
    .addOption(
      choice(
        '--mixup-partners <which>',
        'any node, or windows of machines of the same kind (plants only)',
        MIXUP_PARTNERS,
      ),
    )
    .addOption(
      choice(
        '--mixup-rows <which>',
        "labelled nodes, or all taught ones with the teacher's word mixed",
        MIXUP_ROWS,
      ),
    )
    .option(
      '--mixup-windows <n>',
      'partners are windows of the same asset at most n apart; 0: of any time',
      numberOption({ minimum: 0, maximum: 100_000, whole: true }),
      0,
    )
    .option(
      '--exclusive-classes <lists>',
      'classes that mixup never joins, e.g. leak/blockage,idle/leak; default: exclusive of plant.yaml',
      exclusiveOption,
    )
    .option(
      '--augment-noise <s>',
      'largest noise on the rows that students learn on, in deviations',
      deviations,
      0,
    )
    .option(
      '--augment-dropout <p>',
      'probability that a whole channel is missing from such a row',
      numberOption({ minimum: 0, maximum: 0.95 }),
      0,
    )
    .option(
      '--augment-drift <s>',
      "deviation of a channel's offset there, in deviations",
      deviations,
      0,
    )
    .addOption(
      choice(
        '--augment-schedule <kind>',
        'the same at every stage, or more from stage to stage',
        AUGMENT_SCHEDULES,
      ),
    );
}
