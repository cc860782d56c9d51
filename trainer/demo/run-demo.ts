// The whole chain on this machine: plant → trainer → bundle → edge and gateway →
// live telemetry → predictions, each part started as its user would start it.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createPlant, HISTORY_START } from '@dandan/shared/plant';
import { connectAsync } from 'mqtt';
import { guardFolder } from '../process/guard.ts';
import { waitUntil } from '../process/wait-until.ts';
import { type EmbeddedBroker, startBroker } from './broker.ts';
import { createDeviceKey } from './device-key.ts';
import { startEdge } from './edge-process.ts';
import { startGateway } from './gateway-process.ts';
import { createReplay } from './replay.ts';
import { createRate } from './sample-rate.ts';
import { createScoreboard } from './scoreboard.ts';
import { push, train } from './train-and-push.ts';
import { createDemoView } from './view.ts';
import { watchGateway } from './watch-gateway.ts';

export interface DemoOptions {
  /** A wrangler.toml of the edge. @default {that of the project} */
  readonly config?: string;
  readonly seed: number;
  /** Stop after one day instead of going on to the next. */
  readonly once: boolean;
  /** Length of a replayed day, milliseconds. */
  readonly dayMs: number;
  readonly samplesPerSecond: number;
  readonly signal: AbortSignal;
  line(text: string): void;
}

export interface DemoFigures {
  readonly seconds: number;
  readonly trainSeconds: number;
  readonly samples: number;
  readonly samplesPerSecond: number;
  readonly byStage: readonly number[];
  readonly byTier: { readonly gateway: number; readonly edge: number };
  readonly accuracy: number;
  readonly teacher: number;
  readonly mlp: number;
  readonly escalations: number;
  readonly bytesUp: number;
  readonly lost: number;
  readonly duplicated: number;
}

const SITE = 'demo';
const GATEWAY = 'gateway-1';
/** Stages the gateway runs itself: the first; the rest is the edge's. */
const GATEWAY_STAGES = 1;
/** The replayed day is a week after the last one of the training history. */
const REPLAY_START = HISTORY_START + 7 * 24 * 3_600_000;
const START_MS = 30_000;
/** After the last sample, the slowest escalation has this long to come back. */
const SETTLE_MS = 30_000;
const DRAW_MS = 200;
/** For the last answers and counters, once nothing more is sent. */
const FAREWELL_MS = 2000;
const POLL_MS = 50;

const roundTo = (digits: number, value: number) => Number(value.toFixed(digits));

/**
 * Runs the demo. Every process it starts is gone when it returns or throws.
 *
 * @throws {ProcessFailure} naming the part that did not start or that ended too early; the
 * signal's reason when aborted before the replay began.
 */
export async function runDemo(options: DemoOptions): Promise<DemoFigures> {
  const { config, seed, once, signal, line } = options;
  const started = performance.now();
  const folder = await mkdtemp(join(tmpdir(), 'dandan-demo-'));
  guardFolder(folder);
  try {
    await using stack = new AsyncDisposableStack();
    line(
      '1. The plant: 24 machines with sensors, a day of history, few labels. Training a cascade on it.',
    );
    const trainedAt = performance.now();
    const startingEdge = startEdge({ folder, config, signal });
    const withoutEdge = new AbortController();
    startingEdge.catch((error) => withoutEdge.abort(error));
    stack.defer(async () => {
      const edge = await startingEdge.catch(() => undefined);
      await edge?.[Symbol.asyncDispose]();
    });
    const { figures, bundle } = await train(
      folder,
      seed,
      AbortSignal.any([signal, withoutEdge.signal]),
    );
    const trainSeconds = (performance.now() - trainedAt) / 1000;
    line(
      `   teacher ${figures.teacher} %, plain MLP ${figures.mlp} %, cascade ${figures.output} % on ${roundTo(1, 100 * figures.exit.macsShare)} % of its cost (unseen test windows)`,
    );
    line('2. The edge (local Workers runtime) takes the bundle; broker and gateway start.');
    const edge = await startingEdge;
    await push(bundle, edge, signal);
    const edgeKey = await createDeviceKey(edge, `${SITE}-${GATEWAY}`, signal);
    const broker: EmbeddedBroker = stack.use(await startBroker());
    const client = stack.adopt(await connectAsync(broker.url), (open) => open.endAsync(true));
    const scoreboard = createScoreboard(figures.stages.length);
    const gatewayState = await watchGateway({ client, site: SITE, gateway: GATEWAY, scoreboard });
    const gateway = stack.use(
      await startGateway({
        folder,
        site: SITE,
        gateway: GATEWAY,
        brokerUrl: broker.url,
        edgeUrl: edge.url,
        edgeKey,
        bundle,
        stages: GATEWAY_STAGES,
      }),
    );
    await waitUntil(gatewayState.online, {
      what: 'The gateway',
      timeoutMs: START_MS,
      signal,
      process: gateway,
    });

    line('3. Telemetry of a day that training has not seen, as fast as the chain takes it.');
    const going = AbortSignal.any([signal, edge.ended, gateway.ended]);
    const view = createDemoView();
    const plant = createPlant({ seed });
    const replay = createReplay({
      plant,
      client,
      site: SITE,
      gateway: GATEWAY,
      scoreboard,
      samplesPerSecond: options.samplesPerSecond,
      signal: going,
    });
    const rateOf = createRate();
    let share = 0;
    const state = () => {
      const counts = scoreboard.counts();
      const { teacher, mlp } = figures;
      const rate = rateOf(counts.samples);
      return { counts, rate, share, teacher, mlp, gatewayStages: GATEWAY_STAGES };
    };
    const timer = setInterval(() => view.draw(state()), DRAW_MS);
    stack.defer(() => clearInterval(timer));
    const replayedAt = performance.now();
    let replaySeconds = 0;
    try {
      for (let day = 0; day === 0 || !once; day++) {
        await replay.play({
          seed: seed + 1000 + day,
          startTime: REPLAY_START + day * options.dayMs,
          durationMs: options.dayMs,
          onShare: (sent) => {
            share = sent;
          },
        });
        replaySeconds = (performance.now() - replayedAt) / 1000;
        const settleBy = performance.now() + SETTLE_MS;
        while (scoreboard.counts().lost > 0 && performance.now() < settleBy) {
          going.throwIfAborted();
          await delay(POLL_MS);
        }
      }
    } catch (error) {
      // Ctrl-C ends the replay, not the accounting of what was replayed.
      if (!signal.aborted) throw error;
      replaySeconds = (performance.now() - replayedAt) / 1000;
    }
    // Rows under way at Ctrl-C are not lost, and the gateway tells its counters a few times a
    // second only: its last word comes after its last answer.
    const heardBy = performance.now() + FAREWELL_MS;
    const unheard = () => {
      const { lost, escalations, byTier } = scoreboard.counts();
      return lost > 0 || escalations < byTier.edge;
    };
    while (unheard() && performance.now() < heardBy) await delay(POLL_MS);
    clearInterval(timer);
    view.finish(state());
    const { samples, byStage, byTier, accuracy, escalations, bytesUp, lost, duplicated } =
      scoreboard.counts();
    return {
      seconds: roundTo(1, (performance.now() - started) / 1000),
      trainSeconds: roundTo(1, trainSeconds),
      samples,
      samplesPerSecond: Math.round(samples / replaySeconds),
      byStage,
      byTier,
      accuracy: roundTo(2, accuracy),
      teacher: figures.teacher,
      mlp: figures.mlp,
      escalations,
      bytesUp,
      lost,
      duplicated,
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
