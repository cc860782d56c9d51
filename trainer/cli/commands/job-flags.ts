// Options of `dandan job start`.
import { POLICY_NAMES } from '@dandan/shared/policy';
import { channelNameSchema } from '@dandan/shared/wire';
import { type Command, Option } from 'commander';
import { numberOption } from '../number-option.ts';
import { textOption } from '../text-option.ts';

export interface StartFlags {
  model: string;
  bundle?: string;
  channel: string;
  upload?: string[];
  input?: string;
  format?: string;
  policy: string;
  maxStage?: number;
  results: string;
  profile: string;
  detach: boolean;
  out?: string;
}

const RESULTS = ['csv', 'parquet', 'csv,parquet'];

export function addStartFlags(command: Command): Command {
  return command
    .requiredOption('--model <name>', 'model that classifies')
    .option('--bundle <sha256>', 'a bundle of it; without it the channel decides')
    .option('--channel <name>', 'channel of the model', textOption(channelNameSchema), 'stable')
    .option('--upload <files...>', 'files of this machine: safetensors, parquet, csv, ndjson')
    .option('--input <name>', 'inputs that the edge has: a name, or the beginning of several')
    .addOption(
      new Option(
        '--format <format>',
        'format of the inputs, where their names do not tell',
      ).choices(['safetensors', 'parquet', 'csv', 'ndjson']),
    )
    .addOption(
      new Option('--policy <policy>', 'how deep rows go')
        .choices([...POLICY_NAMES])
        .default('night'),
    )
    .option(
      '--max-stage <number>',
      'deepest stage',
      numberOption({ minimum: 1, maximum: 16, whole: true }),
    )
    .addOption(
      new Option('--results <formats>', 'files to write').choices(RESULTS).default('csv,parquet'),
    )
    .addOption(
      new Option('--profile <plan>', "plan of the edge's account, which bounds CPU")
        .choices(['free', 'paid'])
        .default('free'),
    )
    .option('--detach', 'do not wait for the job', false)
    .option('--out <folder>', 'download the results there when it has finished');
}
