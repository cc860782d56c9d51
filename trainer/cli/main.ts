// The command line `dandan`: parses, runs one command, turns errors into exit codes.
import { Command, CommanderError } from 'commander';
import packageJson from '../package.json' with { type: 'json' };
import { certifyCommand } from './commands/certify.ts';
import { channelCommand } from './commands/channel.ts';
import { dataCommand } from './commands/data-check.ts';
import { demoCommand } from './commands/demo.ts';
import { deviceCommand } from './commands/device.ts';
import { evaluateCommand } from './commands/evaluate.ts';
import { exportCommand } from './commands/export.ts';
import { federateCommand } from './commands/federate.ts';
import { initCommand } from './commands/init.ts';
import { jobCommand } from './commands/job.ts';
import { labelCommand } from './commands/label.ts';
import { policyCommand } from './commands/policy.ts';
import { pushCommand } from './commands/push.ts';
import { reportCommand } from './commands/report.ts';
import { reproduceCommand } from './commands/reproduce.ts';
import { retrainCommand } from './commands/retrain.ts';
import { signingKeyCommand } from './commands/signing-key.ts';
import { trainCommand } from './commands/train.ts';
import { tuneCommand } from './commands/tune.ts';
import { EXIT } from './exit-code.ts';
import { createOutput } from './output.ts';
import { reportError } from './report-error.ts';

function createProgram(): Command {
  const program = new Command('dandan')
    // Options belong to the command that they follow: `reproduce tep --seeds 3`.
    .enablePositionalOptions()
    .description('Distil a graph neural network into a staircase of tiny MLPs, and run it.')
    .version(packageJson.version)
    .showHelpAfterError('(--help shows every option)');
  const commands = [
    initCommand(),
    trainCommand(),
    tuneCommand(),
    evaluateCommand(),
    certifyCommand(),
    reportCommand(),
    retrainCommand(),
    exportCommand(),
    federateCommand(),
    dataCommand(),
    pushCommand(),
    channelCommand(),
    deviceCommand(),
    signingKeyCommand(),
    policyCommand(),
    labelCommand(),
    jobCommand(),
    demoCommand(),
    reproduceCommand(),
  ];
  for (const command of commands) program.addCommand(command);
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
    await createProgram().parseAsync([...argv]);
    return Number(process.exitCode ?? EXIT.ok);
  } catch (error) {
    const json = argv.includes('--json');
    if (!(error instanceof CommanderError)) return reportError(error, json);
    if (error.exitCode === 0) return EXIT.ok;
    createOutput(json).result({ error: { code: 'usage', message: error.message } });
    return EXIT.usage;
  }
}
