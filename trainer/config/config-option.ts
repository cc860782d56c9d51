// `--config FILE`: options from a file, which the flags of the command line override.
import { dirname, resolve } from 'node:path';
import { InputError } from '@dandan/shared/error';
import { type Command, Option } from 'commander';
import { PLANT } from '../data/load-data.ts';
import { nearestNames } from './nearest-names.ts';
import { optionValue } from './option-value.ts';
import { readConfig } from './read-config.ts';

/** About how a command runs and tells, not about what it computes. */
const NOT_IN_FILES: readonly string[] = ['config', 'json', 'fresh', 'report'];

/** Options whose value names a place: in a file it is meant from that file's folder. */
export const isPath = ({ flags }: Option): boolean => /<(dir|file|path)>/.test(flags);

/** The options of a command that a file may set, by key: the flag in camel case. */
export function fileOptions(command: Command): ReadonlyMap<string, Option> {
  const settable = command.options.filter(
    (option) => !NOT_IN_FILES.includes(option.attributeName()),
  );
  return new Map(settable.map((option) => [option.attributeName(), option]));
}

/** @returns {InputError} `config-invalid` naming the key, and first what may have been meant. */
export function unknownKey(field: string, key: string, known: Iterable<string>): InputError {
  return new InputError('config-invalid', `${field} is no option: '${key}' is unknown`, {
    field,
    value: key,
    allowed: `one of ${nearestNames(key, known).join(', ')}`,
  });
}

/** Sets what the file says and the command line does not. */
function applyConfig(command: Command, file: string): void {
  const known = fileOptions(command);
  for (const [key, value] of Object.entries(readConfig(file))) {
    const field = `${file}: ${key}`;
    const option = known.get(key);
    if (!option) throw unknownKey(field, key, known.keys());
    const checked = optionValue({ option, value, field });
    const place = isPath(option) && checked !== PLANT;
    const meant = place ? resolve(dirname(file), String(checked)) : checked;
    if (command.getOptionValueSource(key) === 'cli') continue;
    command.setOptionValueWithSource(key, meant, 'config');
  }
}

/**
 * Declares `--config`. Flags win over the file wherever they stand.
 *
 * @throws {InputError} `config-invalid`, when the command line is parsed.
 */
export function declareConfigOption(command: Command): Command {
  const option = new Option(
    '--config <file>',
    'JSON or YAML file of options, e.g. { "learningRate": 0.01 }, as tune writes it; flags override it',
  );
  return command
    .addOption(option)
    .on('option:config', (file: string) => applyConfig(command, file));
}
