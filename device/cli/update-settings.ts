// What the commands for updates need of a configuration.
import { readConfig } from '../config/index.ts';
import { createLogger } from '../log/index.ts';
import { openParts, type UpdateSettings, updateSettingsOf } from '../models/update/index.ts';
import type { Streams } from './output.ts';

/** @throws {InputError} `config-invalid`. */
export async function readUpdateSettings(file: string): Promise<UpdateSettings> {
  const { config, secrets } = await readConfig({ file });
  return updateSettingsOf(config, secrets);
}

/** The parts of an updater that writes its log where commands do. */
export function partsFor(settings: UpdateSettings, { err }: Streams) {
  const log = createLogger({ level: 'warn', write: (line) => err(`${line}\n`) });
  return openParts({ ...settings.parts, log });
}
