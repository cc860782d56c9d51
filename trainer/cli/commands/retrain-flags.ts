// The options of `dandan retrain`.
import { modelNameSchema } from '@dandan/shared/bundle';
import { channelNameSchema } from '@dandan/shared/wire';
import { type Command, Option } from 'commander';
import * as z from 'zod';
import { RULES, type RuleOptions } from '../../retrain/decide.ts';
import { numberOption } from '../number-option.ts';
import { textOption } from '../text-option.ts';
import type { DeviceFlag } from './device-flag.ts';
import { declareReleaseFlags } from './push.ts';

export interface RetrainFlags extends RuleOptions, DeviceFlag {
  data: string;
  out: string;
  champion?: string;
  model?: string;
  edge?: string;
  channel: string;
  hardCases?: string;
  warmStart: boolean;
  always: boolean;
  modelVersion?: string;
  release: boolean;
  canary: number;
  deadline?: number;
  atDeadline?: 'promote' | 'rollback';
  signingKey: string;
  validDays: number;
  keyEnv: string;
  fresh: boolean;
  json: boolean;
}

/** One false alarm in a hundred nights. */
const DEFAULT_LEVEL = 0.01;
/** What most plants would not notice. */
const DEFAULT_MARGIN = 0.01;
/** Early exit moves a little with every certificate. */
const DEFAULT_MAX_COST = 1.25;
const DEFAULT_CANARY = 10;

export function declareRetrainFlags(command: Command): Command {
  command
    .requiredOption('--data <path>', 'the data of today, as train takes it')
    .option('--out <dir>', 'where challenger and report go', 'out/retrain')
    .option('--champion <file>', 'bundle in use; default: what the channel of --edge serves')
    .option('--edge <url>', 'edge to fetch labelled hard cases and the champion from')
    .option(
      '--model <name>',
      'model at the edge; needed without --champion',
      textOption(modelNameSchema),
    )
    .option('--channel <name>', 'channel of the model', textOption(channelNameSchema), 'stable')
    .option('--hard-cases <path>', 'labelled cases in files, instead of those of --edge')
    .option('--no-warm-start', 'students start afresh')
    .option('--always', 'train even where nothing has changed since the champion', false)
    .option(
      '--model-version <text>',
      'version of the challenger; default: the day',
      textOption(z.string().regex(/^.{1,64}$/, '1 to 64 characters')),
    )
    .addOption(
      new Option('--rule <rule>', 'what the challenger must be shown to be')
        .choices(RULES)
        .default('better'),
    )
    .option(
      '--level <p>',
      'probability with which each test may be wrong',
      numberOption({ minimum: 1e-6, maximum: 0.25 }),
      DEFAULT_LEVEL,
    )
    .option(
      '--margin <share>',
      'accuracy that rule not-worse may lose',
      numberOption({ minimum: 0, maximum: 0.2 }),
      DEFAULT_MARGIN,
    )
    .option(
      '--max-cost <factor>',
      'largest cost of a row, as a multiple of the champion',
      numberOption({ minimum: 0.1, maximum: 100 }),
      DEFAULT_MAX_COST,
    )
    .option('--release', 'release a challenger that may be, as a canary on the channel', false)
    .option(
      '--canary <percent>',
      'share of the gateways that try it first',
      numberOption({ minimum: 1, maximum: 99, whole: true }),
      DEFAULT_CANARY,
    );
  return declareReleaseFlags(command)
    .option('--fresh', 'forget the steps an interrupted run has finished', false)
    .option('--json', 'one JSON object as the last line of stdout', false);
}
