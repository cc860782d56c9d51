// Reads a configuration file: one JSON object of option names and values. What the
// names mean is for the command that takes it.
import { readFileSync, statSync } from 'node:fs';
import { InputError } from '@dandan/shared/error';

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
      allowed: 'a readable JSON file',
      cause,
    });
  }
  throw new InputError('config-invalid', `The configuration ${file} is too large`, {
    field: file,
    allowed: `at most ${MAX_BYTES} bytes`,
  });
}

function parse(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    // The engine's message says line and column.
    throw new InputError('config-invalid', `${file} is not JSON: ${(cause as Error).message}`, {
      field: file,
      allowed: 'one JSON object, e.g. { "learningRate": 0.01 }',
      cause,
    });
  }
}

/** @throws {InputError} `config-invalid` when it cannot be read or is no JSON object. */
export function readConfig(file: string): Readonly<Record<string, unknown>> {
  const content = parse(file, readText(file));
  if (typeof content === 'object' && content !== null && !Array.isArray(content)) {
    return content as Record<string, unknown>;
  }
  throw new InputError('config-invalid', `${file} is no JSON object`, {
    field: file,
    value: content,
    allowed: 'one JSON object, e.g. { "learningRate": 0.01 }',
  });
}
