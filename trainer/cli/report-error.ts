// Errors for the terminal: what happened, why, and how to fix it.
import { InputError } from '@dandan/shared/error';
import pc from 'picocolors';
import { ProcessFailure } from '../process/process-failure.ts';
import { EXIT } from './exit-code.ts';
import { Interrupted } from './interrupt.ts';
import { createOutput } from './output.ts';

/** Codes whose remedy is another option, or another file of options, rather than other data. */
const USAGE_CODES = new Set(['option-invalid', 'config-invalid']);

function describe(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text === undefined ? '' : text.slice(0, 200);
}

/** Prints an error; returns the exit code it deserves. */
export function reportError(error: unknown, json: boolean): number {
  const output = createOutput(json);
  const write = (text: string) => process.stderr.write(`${text}\n`);
  if (error instanceof Interrupted) {
    if (error.outcome !== '') write(pc.yellow(error.outcome));
    output.result({ error: { code: 'interrupted', message: error.message } });
    return EXIT.interrupted;
  }
  if (error instanceof InputError) {
    const { code, message, field, value, allowed } = error;
    write(`${pc.red('Error')} ${message} ${pc.dim(`(${code})`)}`);
    if (field !== undefined) write(`  where    ${field}`);
    if (value !== undefined) write(`  found    ${describe(value)}`);
    if (allowed !== undefined) write(`  allowed  ${allowed}`);
    output.result({ error: { code, message, field, value, allowed } });
    return USAGE_CODES.has(code) ? EXIT.usage : EXIT.failure;
  }
  if (error instanceof ProcessFailure) {
    const { code, message, output: said } = error;
    write(`${pc.red('Error')} ${message} ${pc.dim(`(${code})`)}`);
    if (said !== '') write(said.replaceAll(/^/gm, '  | '));
    output.result({ error: { code, message } });
    return EXIT.failure;
  }
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  write(`${pc.red('Unexpected error')} ${message}`);
  write('  This is a fault of dandan, not of your input: please report it with the lines above.');
  output.result({ error: { code: 'internal', message: String(error) } });
  return EXIT.failure;
}
