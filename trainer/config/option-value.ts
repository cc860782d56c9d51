// Checks a value from a file by the very rules that the option has on the command line.
import { InputError } from '@dandan/shared/error';
import { InvalidArgumentError, type Option } from 'commander';

export interface OptionValue {
  readonly option: Option;
  readonly value: unknown;
  /** Where it stands, for the error: file and key. */
  readonly field: string;
}

const kindOf = (value: unknown) => (Array.isArray(value) ? 'list' : typeof value);

function invalid({ field, value }: OptionValue, allowed: string): InputError {
  return new InputError('config-invalid', `${field} cannot be ${JSON.stringify(value)}`, {
    field,
    value,
    allowed,
  });
}

/** The words of an option's parser about what it takes. */
function parsed(checked: OptionValue, text: string): unknown {
  const { option } = checked;
  if (!option.parseArg) return text;
  try {
    return option.parseArg(text, undefined);
  } catch (error) {
    if (!(error instanceof InvalidArgumentError)) throw error;
    throw invalid(checked, error.message);
  }
}

/**
 * The value as the command line would hold it: lists are those that the option writes
 * with commas.
 *
 * @throws {InputError} `config-invalid` naming file and key.
 */
export function optionValue(checked: OptionValue): unknown {
  const { option, value } = checked;
  if (option.isBoolean()) {
    if (typeof value === 'boolean') return value;
    throw invalid(checked, 'true or false');
  }
  if (value === null || typeof value === 'object' ? !Array.isArray(value) : value === '') {
    throw invalid(checked, `a value for ${option.flags}`);
  }
  const result = parsed(checked, String(value));
  if (kindOf(result) === kindOf(value)) return result;
  throw invalid(checked, `a ${kindOf(result)}, not a ${kindOf(value)}`);
}
