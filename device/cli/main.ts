// The command line of the gateway.
import { Command, CommanderError } from 'commander';
import manifest from '../package.json' with { type: 'json' };
import { check } from './check.ts';
import { type EnrolOptions, enrol } from './enrol.ts';
import { addInit } from './init.ts';
import { addMaintenance } from './maintenance-commands.ts';
import { EXIT, reportError, type Streams } from './output.ts';
import { run } from './run.ts';
import { addSimulate } from './simulate-command.ts';

const PROCESS_STREAMS: Streams = {
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
};

interface CommandOptions {
  readonly config: string;
  readonly json: boolean;
}

/**
 * Runs one command.
 *
 * @param argv arguments after the program's name.
 * @returns the exit code: 0 done, 1 failure, 2 usage or configuration.
 */
export async function main(
  argv: readonly string[],
  streams: Streams = PROCESS_STREAMS,
): Promise<number> {
  let exitCode: number = EXIT.ok;
  const program = new Command('dandan-gateway')
    .description('Runs the first stages of a Dandan bundle beside the machines.')
    .version(manifest.version);
  const command = (
    name: string,
    description: string,
    act: (options: CommandOptions, streams: Streams) => Promise<number>,
  ) =>
    program
      .command(name)
      .description(description)
      .requiredOption('--config <file>', 'configuration; start from gateway.example.yaml')
      .option('--json', 'print one JSON object as the last line of stdout', false)
      .action(async (options: CommandOptions) => {
        exitCode = await act(options, streams);
      });
  command('run', 'run the gateway until SIGINT or SIGTERM', run);
  command('check', 'check configuration, bundle, broker, edge and outbox', check);
  program
    .command('enrol')
    .description('change a one-time code of `dandan device enrol` into the key of this gateway')
    .requiredOption('--edge <url>', 'base URL of the edge')
    .requiredOption('--key-file <file>', 'new file for the key; edge.keyFile names it')
    .option('--code <code>', 'the code; asked for where it is not given')
    .option('--json', 'print one JSON object as the last line of stdout', false)
    .action(async (options: EnrolOptions) => {
      exitCode = await enrol(options, streams);
    });
  const done = (code: number) => {
    exitCode = code;
  };
  addSimulate(program, streams, done);
  addInit(program, streams, done);
  addMaintenance(program, streams, done);
  const all = (each: Command): Command[] => [each, ...each.commands.flatMap(all)];
  for (const each of all(program)) {
    each.exitOverride().configureOutput({ writeOut: streams.out, writeErr: streams.err });
  }
  try {
    await program.parseAsync(argv, { from: 'user' });
    return exitCode;
  } catch (error) {
    const json = argv.includes('--json');
    if (!(error instanceof CommanderError)) return reportError(error, streams, json);
    if (error.exitCode === 0) return EXIT.ok;
    const { message } = error;
    if (json) streams.out(`${JSON.stringify({ error: { code: 'usage', message } })}\n`);
    return EXIT.usage;
  }
}
