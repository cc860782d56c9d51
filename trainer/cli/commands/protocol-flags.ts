// The options of `dandan train` about the protocol: how many labels, which class shares, how
// noisy the features, when a batch stops.

import { DEFAULT_BATCH_THRESHOLD } from '@dandan/shared/cascade';
import { type Command, Option } from 'commander';
import { CLASS_PRIORS } from '../../prior/adapt-prior.ts';
import { DEFAULTS, type TrainOptions } from '../../run/train-options.ts';
import { numberOption } from '../number-option.ts';

export interface ProtocolFlags {
  labelsPerClass?: number;
  validationPerClass?: number;
  classPrior: TrainOptions['classPrior'];
  featureNoise: number;
  batchThreshold: number;
}

/** The protocol's part of a run's choices. */
export function protocolOptions(flags: ProtocolFlags) {
  const { labelsPerClass, validationPerClass, classPrior, featureNoise } = flags;
  return {
    classPrior,
    featureNoise,
    ...(labelsPerClass !== undefined && { labelsPerClass }),
    ...(validationPerClass !== undefined && { validationPerClass }),
  } satisfies Partial<TrainOptions>;
}

/** Declares `--batch-threshold`, which `evaluate` has too. */
export function declareBatchThreshold(command: Command): Command {
  return command.option(
    '--batch-threshold <t>',
    "tau of the paper's exit: a batch stops at the first stage whose mean confidence is above it",
    numberOption({ minimum: 0, maximum: 1 }),
    DEFAULT_BATCH_THRESHOLD,
  );
}

export function declareProtocolFlags(command: Command): Command {
  const count = numberOption({ minimum: 1, maximum: 1_000_000, whole: true });
  command
    .option('--labels-per-class <n>', 'training labels of a random split; default 20', count)
    .option('--validation-per-class <n>', 'validation labels of a random split; default 30', count)
    .addOption(
      new Option(
        '--class-prior <kind>',
        'class shares to assume: as labelled, or estimated from the nodes without a label',
      )
        .choices(CLASS_PRIORS)
        .default(DEFAULTS.classPrior),
    )
    .option(
      '--feature-noise <a>',
      'features become (1 - a) X + a N, N normal, for teacher and students; sparse ones become dense',
      numberOption({ minimum: 0, maximum: 1 }),
      DEFAULTS.featureNoise,
    );
  return declareBatchThreshold(command);
}
