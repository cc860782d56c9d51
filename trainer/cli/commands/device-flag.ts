// `--device`: what a run trains on.
import { availableParallelism } from 'node:os';
import { type Command, Option } from 'commander';
import {
  type ChosenEngine,
  chooseEngine,
  DEVICES,
  type Device,
} from '../../autodiff/device/choose-engine.ts';
import { numberOption } from '../number-option.ts';
import type { Output } from '../output.ts';

export interface DeviceFlag {
  device: Device;
  threads?: number;
}

export function declareDevice(command: Command): Command {
  const option = new Option('--device <kind>', 'auto: CUDA where it works, else the CPU');
  return command
    .addOption(option.choices(DEVICES).default('auto'))
    .option(
      '--threads <n>',
      'threads of the CPU; the result does not depend on them',
      numberOption({ minimum: 1, maximum: 64, whole: true }),
      availableParallelism(),
    );
}

/** The engine of a run; one line says so when CUDA was asked for and cannot be had. */
export async function engineOf(
  { device, threads }: DeviceFlag,
  output: Output,
): Promise<ChosenEngine> {
  const chosen = await chooseEngine({ device, threads });
  if (chosen.note) output.line(`note: ${chosen.note}`);
  return chosen;
}
