// `dandan-gateway run`: the gateway until SIGINT or SIGTERM.
import { type GatewayConfig, readConfig, type Secrets } from '../config/index.ts';
import { createGateway } from '../gateway.ts';
import { createLogger, type Logger, logFormatOf } from '../log/index.ts';
import { createLiveness } from '../watching/liveness/index.ts';
import { EXIT, type Streams } from './output.ts';

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

export interface RunOptions {
  readonly config: string;
  readonly json: boolean;
}

function warnOfClearPasswords(config: GatewayConfig, secrets: Secrets, log: Logger): void {
  for (const [broker, { url }] of Object.entries({ '': config.broker, ...config.brokers })) {
    const clear = [url].flat().some((each) => each.startsWith('mqtt:'));
    if (!clear || secrets.brokerPasswords[broker] === undefined) continue;
    log.warn('password-in-the-clear', { broker, fix: 'reach the broker by mqtts://' });
  }
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
    ...logFormatOf({
      format: config.logFormat,
      terminal: process.stderr.isTTY === true,
      environment: process.env,
    }),
    write: (line) => streams.err(`${line}\n`),
  });
  warnOfClearPasswords(config, secrets, log);
  const gateway = await createGateway({ config, secrets, log });
  const liveness = createLiveness({
    onFailure: (reason) => log.warn('service-manager-not-told', { reason }),
  });
  const stop = new AbortController();
  const onSignal = (signal: NodeJS.Signals) => {
    if (stop.signal.aborted) process.exit(EXIT.failure);
    log.info('stopping', { signal });
    stop.abort();
  };
  for (const signal of SIGNALS) process.on(signal, onSignal);
  try {
    await gateway.start(stop.signal);
    await liveness.ready();
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
  await liveness.stopping();
  const metrics = await gateway.stop();
  log.flush();
  for (const signal of SIGNALS) process.off(signal, onSignal);
  if (json) streams.out(`${JSON.stringify(metrics)}\n`);
  return EXIT.ok;
}
