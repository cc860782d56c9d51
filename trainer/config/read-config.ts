// Reads a configuration file: one object of option names and values, in JSON or, where comments are
// wanted, YAML. What the names mean is for the command that takes it.
import { readFileSync, statSync } from 'node:fs';
import { extname } from 'node:path';
import { InputError } from '@dandan/shared/error';
import { parse as parseYaml } from 'yaml';

const ONE_OBJECT = 'one JSON object, e.g. { "learningRate": 0.01 }';

const YAML_ENDINGS: readonly string[] = ['.yaml', '.yml'];

/** A configuration states a few dozen numbers; a larger file is something else. */
const MAX_BYTES = 1024 * 1024;

/** Synchronous: option handlers of the command line are. */
function readText(file: string): string {
  try {
    if (statSync(file).size <= MAX_BYTES) return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new InputError('config-invalid', `Cannot read the configuration ${file}`, {
      field: file,
      value: (cause as NodeJS.ErrnoException).code,
      allowed: 'a readable file of JSON or YAML',
      cause,
    });
  }
  throw new InputError('config-invalid', `The configuration ${file} is too large`, {
    field: file,
    allowed: `at most ${MAX_BYTES} bytes`,
  });
}

function parse(file: string, text: string): unknown {
  const isYaml = YAML_ENDINGS.includes(extname(file).toLowerCase());
  try {
    // Options are numbers and words: nothing that an alias would be for.
    return isYaml ? parseYaml(text, { maxAliasCount: 0 }) : JSON.parse(text);
  } catch (cause) {
    // Both parsers' messages say line and column.
    const kind = isYaml ? 'YAML' : 'JSON';
    throw new InputError('config-invalid', `${file} is not ${kind}: ${(cause as Error).message}`, {
      field: file,
      allowed: isYaml ? 'a map such as learningRate: 0.01' : ONE_OBJECT,
      cause,
    });
  }
}

/**
 * JSON, or YAML in a file that ends in .yaml or .yml.
 *
 * @throws {InputError} `config-invalid` when it cannot be read or is no object.
 */
export function readConfig(file: string): Readonly<Record<string, unknown>> {
  const content = parse(file, readText(file));
  if (typeof content === 'object' && content !== null && !Array.isArray(content)) {
    return content as Record<string, unknown>;
  }
  throw new InputError('config-invalid', `${file} is no object`, {
    field: file,
    value: content,
    allowed: ONE_OBJECT,
  });
}
