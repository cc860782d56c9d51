// `--device`: what a run trains on.
import { type Command, Option } from 'commander';
import {
  type ChosenEngine,
  chooseEngine,
  DEVICES,
  type Device,
} from '../../autodiff/device/choose-engine.ts';
import type { Output } from '../output.ts';

export interface DeviceFlag {
  device: Device;
}

export function declareDevice(command: Command): Command {
  const option = new Option('--device <kind>', 'auto: CUDA where it works, else the CPU');
  return command.addOption(option.choices(DEVICES).default('auto'));
}

/** The engine of a run; one line says so when CUDA was asked for and cannot be had. */
export async function engineOf({ device }: DeviceFlag, output: Output): Promise<ChosenEngine> {
  const chosen = await chooseEngine({ device });
  if (chosen.note) output.line(`note: ${chosen.note}`);
  return chosen;
}
