// `dandan-gateway run`: the gateway until SIGINT or SIGTERM.
import { loadModel } from '../cascade/index.ts';
import { readConfig } from '../config/index.ts';
import { createGateway } from '../gateway.ts';
import { createLogger } from '../log/index.ts';
import { EXIT, type Streams } from './output.ts';

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

export interface RunOptions {
  readonly config: string;
  readonly json: boolean;
}

/**
 * Runs until a signal asks to stop; a second signal does not wait for what is in flight.
 *
 * @returns the exit code.
 * @throws {InputError} before the gateway runs.
 */
export async function run({ config: file, json }: RunOptions, streams: Streams): Promise<number> {
  const { config, secrets } = await readConfig({ file });
  const log = createLogger({
    level: config.logLevel,
    write: (line) => streams.err(`${line}\n`),
  });
  const { bundle, policy, broker } = config;
  const clear = broker.url.startsWith('mqtt:') && secrets.brokerPassword !== undefined;
  if (clear) log.warn('password-in-the-clear', { fix: 'reach the broker by mqtts://' });
  const model = await loadModel({ ...bundle, policy });
  const gateway = createGateway({ config, secrets, model, log });
  const stop = new AbortController();
  const onSignal = (signal: NodeJS.Signals) => {
    if (stop.signal.aborted) process.exit(EXIT.failure);
    log.info('stopping', { signal });
    stop.abort();
  };
  for (const signal of SIGNALS) process.on(signal, onSignal);
  try {
    await gateway.start(stop.signal);
    await new Promise<void>((resolve) => {
      if (stop.signal.aborted) resolve();
      stop.signal.addEventListener('abort', () => resolve(), { once: true });
    });
  } catch (error) {
    if (!stop.signal.aborted) {
      await gateway.stop();
      throw error;
    }
  }
  const metrics = await gateway.stop();
  for (const signal of SIGNALS) process.off(signal, onSignal);
  if (json) streams.out(`${JSON.stringify(metrics)}\n`);
  return EXIT.ok;
}
