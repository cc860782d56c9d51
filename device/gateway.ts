// The gateway: telemetry in, predictions out, from its start to its orderly end.
import type { GatewayMetrics } from '@dandan/shared/wire';
import { type AssemblyOptions, assemble, begin } from './assembly/index.ts';
import { openWatchPort } from './watching/index.ts';

/** Time for answers in flight when the gateway is told to stop; service managers kill after 10 s or more. */
export const STOP_DEADLINE_MS = 5000;

export interface Gateway {
  /**
   * Connects and takes telemetry from then on; waits for the home broker as long as it takes.
   *
   * @throws {InputError} `broker-refused`, or the signal's reason.
   */
  start(signal: AbortSignal): Promise<void>;
  metrics(): GatewayMetrics;
  /**
   * Takes no more telemetry, brings what is in flight to an end within
   * {@linkcode STOP_DEADLINE_MS}, says goodbye. Rows without an answer stay in the outbox.
   *
   * @returns the final counters.
   */
  stop(): Promise<GatewayMetrics>;
}

/**
 * A gateway that has read its journal and opened its outbox but not connected yet.
 *
 * @throws {InputError} `outbox-unusable`, `config-invalid`, or `bundle-*` for one in a file.
 */
export async function createGateway(options: AssemblyOptions): Promise<Gateway> {
  const parts = await assemble(options);
  const { config, log, outbox, journal, brokers, metrics, lines, status, outputs } = parts;
  const { forwarding, control, models, escalator, route, report, intake, upkeep } = parts;
  const { home, isHomeConnected } = brokers;
  const replayed = journal.recovered.count;
  begin(parts);
  const port = await openWatchPort(parts);

  return {
    metrics: metrics.snapshot,
    async start(signal) {
      await intake.start(signal);
      await route.start(signal);
      await control.remote?.start();
      control.policy.start();
      forwarding.start();
      report?.start();
      status.start();
      upkeep.start();
      log.info('gateway-ready', {
        site: config.site,
        gateway: config.gateway,
        models: lines.served().map(({ model }) => `${model.name} ${model.sha256.slice(0, 12)}`),
        policy: control.policy.current().policy,
        pending: outbox.pending,
        replayed,
      });
    },
    async stop() {
      intake.stop();
      status.stop();
      upkeep.stop();
      control.policy.stop();
      control.remote?.stop();
      await journal.flush();
      outputs.outgoing.flush();
      const deadline = AbortSignal.timeout(STOP_DEADLINE_MS);
      await escalator.drain(deadline);
      await forwarding.stop(deadline);
      if (isHomeConnected()) await home.drain({ signal: deadline }).catch(() => {});
      await escalator.stop();
      await report?.stop();
      await models.stop();
      outputs.announcer?.stop();
      // The next start reads a snapshot and nothing after it.
      await journal.checkpoint();
      const final = metrics.snapshot();
      await status.sayGoodbye();
      await brokers.close();
      await port?.[Symbol.asyncDispose]();
      escalator.flush();
      escalator.close();
      await journal.close();
      outbox.close();
      log.info('gateway-stopped', { ...final });
      return final;
    },
  };
}
