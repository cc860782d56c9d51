// `dandan init plant|graph DIR`: a commented starting point with an example in it.
import { InputError } from '@dandan/shared/error';
import { isTimeZone } from '@dandan/shared/time-zone';
import { Command, InvalidArgumentError, Option } from 'commander';
import {
  graphProject,
  LANGUAGES,
  type Language,
  type ProjectFile,
  plantProject,
  shellPath,
  writeProject,
} from '../../starter/index.ts';
import { createOutput } from '../output.ts';
import { modelName } from './train-flags.ts';

interface InitFlags {
  readonly language: Language;
  readonly force: boolean;
  readonly json: boolean;
}

interface PlantFlags extends InitFlags {
  readonly timeZone: string;
}

/** As this machine has it; a workstation usually stands where the plant does. */
const ownTimeZone = () => new Intl.DateTimeFormat().resolvedOptions().timeZone;

function parseTimeZone(text: string): string {
  if (isTimeZone(text)) return text;
  throw new InvalidArgumentError('It must be an IANA time zone, e.g. Asia/Tokyo.');
}

/** A folder that would be read as an option or as the embedded plant later is refused now. */
function checkDir(dir: string): void {
  if (dir !== 'plant' && !dir.startsWith('-') && !/[\p{Cc}]/u.test(dir)) return;
  throw new InputError('option-invalid', `A project folder cannot be called '${dir}'`, {
    field: 'dir',
    value: dir,
    allowed: './plant for a folder of that name; any other, e.g. my-line',
  });
}

async function init(
  dir: string,
  files: readonly ProjectFile[],
  { force, json }: InitFlags,
  next: readonly string[],
): Promise<void> {
  const output = createOutput(json);
  const { written, renamed } = await writeProject({ dir, files, force });
  for (const [path, now] of Object.entries(renamed)) {
    output.line(`kept   ${path} as ${now}`);
  }
  const width = Math.max(...written.map((path) => path.length));
  for (const { path, about } of files) output.line(`wrote  ${path.padEnd(width)}  ${about}`);
  output.line();
  output.line('Next (README.md and README.ja.md say more):');
  for (const command of next) output.line(`  ${command}`);
  output.result({ dir, written, renamed, next });
}

const common = (command: Command) =>
  command
    .argument('<dir>', 'a new or an empty folder')
    .addOption(
      new Option('--language <code>', 'of the comments in configuration files')
        .choices(LANGUAGES)
        .default('en'),
    )
    .option(
      '--force',
      'go on in a folder that holds something; what is in the way is renamed',
      false,
    )
    .option('--json', 'one JSON object as the last line of stdout', false);

export function initCommand(): Command {
  const command = new Command('init').description(
    'Write a commented project with an example in it, to be filled in.',
  );
  common(command.command('plant'))
    .description("A plant's history: readings, label sheet, drawing of the line, gateway.")
    .option(
      '--time-zone <zone>',
      'where the plant is; default: the zone of this machine',
      parseTimeZone,
      ownTimeZone(),
    )
    .action(async (dir: string, flags: PlantFlags) => {
      checkDir(dir);
      const files = plantProject({ ...flags, dir, model: modelName(dir) });
      const path = shellPath(dir);
      await init(dir, files, flags, [
        `npx dandan data check ${path}`,
        `npx dandan train --config ${path}/train.yaml`,
        `npx dandan-gateway run --config ${path}/gateway.yaml`,
      ]);
    });
  common(command.command('graph'))
    .description('A graph folder: edges, labels, features, and the options of a training run.')
    .action(async (dir: string, flags: InitFlags) => {
      checkDir(dir);
      const files = graphProject({ ...flags, dir, model: modelName(dir) });
      const path = shellPath(dir);
      await init(dir, files, flags, [
        `npx dandan data check ${path}`,
        `npx dandan train --config ${path}/train.yaml`,
      ]);
    });
  return command;
}
