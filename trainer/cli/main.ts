// The command line `dandan`: parses, runs one command, turns errors into exit codes.
import { Command, CommanderError } from 'commander';
import packageJson from '../package.json' with { type: 'json' };
import { EXIT } from './exit-code.ts';
import { createOutput } from './output.ts';
import { reportError } from './report-error.ts';

/** Loaded one at a time: all of them take a second to start. */
const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  init: async () => (await import('./commands/init.ts')).initCommand(),
  train: async () => (await import('./commands/train.ts')).trainCommand(),
  tune: async () => (await import('./commands/tune.ts')).tuneCommand(),
  evaluate: async () => (await import('./commands/evaluate.ts')).evaluateCommand(),
  certify: async () => (await import('./commands/certify.ts')).certifyCommand(),
  report: async () => (await import('./commands/report.ts')).reportCommand(),
  retrain: async () => (await import('./commands/retrain.ts')).retrainCommand(),
  export: async () => (await import('./commands/export.ts')).exportCommand(),
  federate: async () => (await import('./commands/federate.ts')).federateCommand(),
  data: async () => (await import('./commands/data-check.ts')).dataCommand(),
  push: async () => (await import('./commands/push.ts')).pushCommand(),
  channel: async () => (await import('./commands/channel.ts')).channelCommand(),
  device: async () => (await import('./commands/device.ts')).deviceCommand(),
  'signing-key': async () => (await import('./commands/signing-key.ts')).signingKeyCommand(),
  policy: async () => (await import('./commands/policy.ts')).policyCommand(),
  label: async () => (await import('./commands/label.ts')).labelCommand(),
  job: async () => (await import('./commands/job.ts')).jobCommand(),
  demo: async () => (await import('./commands/demo.ts')).demoCommand(),
  reproduce: async () => (await import('./commands/reproduce.ts')).reproduceCommand(),
};

/** The command that is asked for; all of them for help, and for a word that none of them is. */
function loadCommands(argv: readonly string[]): Promise<Command[]> {
  const word = argv.slice(2).find((each) => !each.startsWith('-')) ?? '';
  const named = Object.hasOwn(COMMANDS, word) ? [COMMANDS[word]] : Object.values(COMMANDS);
  return Promise.all(named.map((load) => load()));
}

async function createProgram(argv: readonly string[]): Promise<Command> {
  const program = new Command('dandan')
    // Options belong to the command that they follow: `reproduce tep --seeds 3`.
    .enablePositionalOptions()
    .description('Distil a graph neural network into a staircase of tiny MLPs, and run it.')
    .version(packageJson.version)
    .showHelpAfterError('(--help shows every option)');
  for (const command of await loadCommands(argv)) program.addCommand(command);
  const prepare = (command: Command) => {
    command.exitOverride();
    command.showHelpAfterError('(--help shows every option)');
    command.commands.forEach(prepare);
  };
  prepare(program);
  return program;
}

/**
 * Runs the command that `argv` names.
 *
 * @returns the exit code: 0, 1 failure, 2 usage, 3 the model in use stays, 130 interrupted.
 */
export async function main(argv: readonly string[]): Promise<number> {
  try {
    const program = await createProgram(argv);
    await program.parseAsync([...argv]);
    return Number(process.exitCode ?? EXIT.ok);
  } catch (error) {
    const json = argv.includes('--json');
    if (!(error instanceof CommanderError)) return reportError(error, json);
    if (error.exitCode === 0) return EXIT.ok;
    createOutput(json).result({ error: { code: 'usage', message: error.message } });
    return EXIT.usage;
  }
}
