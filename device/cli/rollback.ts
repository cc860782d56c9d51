// `dandan-gateway rollback`: back to the bundle before, by whoever stands at the machine.
import { lockStore } from '../models/bundle-store/index.ts';
import { openUpdater } from '../models/update/index.ts';
import { askGateway } from './ask-gateway.ts';
import { EXIT, type Streams } from './output.ts';
import { chosenModels } from './update.ts';
import { partsFor, readUpdateSettings } from './update-settings.ts';

export interface RollbackOptions {
  readonly config: string;
  /** All models of the configuration where it is not given. */
  readonly model?: string | undefined;
  /** Told to the edge. */
  readonly reason?: string | undefined;
  readonly json: boolean;
}

/** @returns the exit code: 1 where there is no bundle to go back to. @throws {InputError} */
export async function rollback(options: RollbackOptions, streams: Streams): Promise<number> {
  const { config, model, json } = options;
  const reason = `rolled back by an operator${options.reason ? `: ${options.reason}` : ''}`;
  const settings = await readUpdateSettings(config);
  const models = chosenModels(settings, model);
  const { parts, requests } = partsFor(settings, streams);
  using lock = lockStore(settings.parts.folder);
  let done: readonly unknown[];
  if (lock === undefined) done = await askGateway(requests, { kind: 'rollback', model, reason });
  else {
    const updater = await openUpdater({ models, parts, checkIntervalMs: 0 });
    done = await updater.rollback({ model, reason });
    await updater.stop();
  }
  for (const name of done) streams.out(`${name}: the bundle before is served again\n`);
  if (done.length === 0) streams.out('There is no bundle to go back to.\n');
  if (json) streams.out(`${JSON.stringify({ rolledBack: done })}\n`);
  return done.length > 0 ? EXIT.ok : EXIT.failure;
}
