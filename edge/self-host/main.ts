// The command line of the edge on one's own server.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { createJournal } from './journal.ts';
import { serve } from './serve.ts';
import { isUsage, ServeError } from './serve-error.ts';

/** Exit codes: done, failure, command line or configuration. */
const EXIT = { ok: 0, failure: 1, usage: 2 } as const;

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/** Where `wrangler dev` listens, too. */
const DEFAULT_PORT = 8787;

const CONFIG = fileURLToPath(new URL('../../wrangler.toml', import.meta.url));

interface Streams {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
}

const PROCESS_STREAMS: Streams = {
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
};

interface CommandOptions {
  readonly data: string;
  readonly host: string;
  readonly port: number;
  readonly config: string;
  readonly operatorKeyFile?: string;
  readonly json: boolean;
}

function parsePort(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 1 && port <= 65_535) return port;
  throw new InvalidArgumentError('A port is a whole number from 1 to 65535.');
}

function takeOperatorKey(): string | undefined {
  const { OPERATOR_KEY } = process.env;
  // Every child of this process would have it.
  delete process.env.OPERATOR_KEY;
  return OPERATOR_KEY;
}

function reportError(error: unknown, json: boolean, { err }: Streams): number {
  const known = error instanceof ServeError;
  const code = known ? error.code : 'unexpected';
  const message = error instanceof Error ? error.message : String(error);
  const fix = known ? error.fix : 'report this';
  if (json) err(`${JSON.stringify({ level: 'error', event: 'failed', code, message, fix })}\n`);
  else err(`dandan-edge: ${message} [${code}]\n  fix: ${fix}\n`);
  return known && isUsage(error) ? EXIT.usage : EXIT.failure;
}

async function run(options: CommandOptions, streams: Streams): Promise<number> {
  const { data, host, port, config, operatorKeyFile, json } = options;
  const journal = createJournal({ json, ...streams });
  const stop = new AbortController();
  const onSignal = (signal: NodeJS.Signals) => {
    // Whoever asks twice does not want to wait; workerd ends with this process.
    if (stop.signal.aborted) process.exit(EXIT.failure);
    journal.say('info', 'stopping', signal, { signal });
    stop.abort();
  };
  for (const signal of SIGNALS) process.on(signal, onSignal);
  try {
    await serve({
      data,
      host,
      port,
      config,
      operatorKeyFile,
      operatorKey: takeOperatorKey(),
      journal,
      signal: stop.signal,
    });
    return EXIT.ok;
  } catch (error) {
    return reportError(error, json, streams);
  } finally {
    for (const signal of SIGNALS) process.off(signal, onSignal);
  }
}

/** Runs one command. @returns the exit code: 0 done, 1 failure, 2 usage or configuration. */
export async function main(
  argv: readonly string[],
  streams: Streams = PROCESS_STREAMS,
): Promise<number> {
  const { version } = JSON.parse(
    readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
  ) as { version: string };
  let exitCode: number = EXIT.ok;
  const program = new Command('dandan-edge')
    .description('Serves the Dandan edge on this machine: the Worker as deployed, in workerd.')
    .version(version);
  program
    .command('serve')
    .description('serve until SIGINT or SIGTERM')
    .requiredOption('--data <folder>', 'folder that keeps everything; made where it is missing')
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--port <number>', 'port to listen on', parsePort, DEFAULT_PORT)
    .option('--operator-key-file <file>', 'file with the operator key; else made in the folder')
    .option('--config <file>', 'wrangler.toml of the Worker', CONFIG)
    .option('--json', 'one JSON object a line, on stderr', false)
    .action(async (options: CommandOptions) => {
      exitCode = await run(options, streams);
    });
  for (const each of [program, ...program.commands]) {
    each.exitOverride().configureOutput({ writeOut: streams.out, writeErr: streams.err });
  }
  try {
    await program.parseAsync(argv, { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    return reportError(error, argv.includes('--json'), streams);
  }
}
