// `dandan federate`: one bundle calibrated on the rows of many sites, none of which is sent.
import { Command } from 'commander';
import { combineCommand } from './federate/combine.ts';
import { keyCommand, rosterCommand } from './federate/masks.ts';
import { summariseCommand } from './federate/summarise.ts';

export function federateCommand(): Command {
  const command = new Command('federate').description(
    'Calibrate one bundle on the rows of many sites, which send counts instead of rows.',
  );
  for (const each of [summariseCommand(), combineCommand(), keyCommand(), rosterCommand()]) {
    command.addCommand(each);
  }
  return command;
}
