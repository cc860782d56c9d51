// All that leaves for readers at the home broker besides the gateway's own status.
import { join } from 'node:path';
import type { Prediction, TelemetrySummary, Topics } from '@dandan/shared/wire';
import type { GatewayConfig } from '../config/index.ts';
import type { Logger } from '../log/index.ts';
import type { Line } from '../models/line/index.ts';
import type { Transport } from '../mqtt/index.ts';
import {
  type Announcer,
  createAnnouncer,
  createHomeAssistant,
  createNamespace,
  type OutputMessage,
} from './discovery/index.ts';
import type { Outbox } from './outbox/index.ts';
import { createOutgoing, type Outgoing } from './outgoing.ts';
import { createSummaries, type Summaries, type SummariesSnapshot } from './summary/index.ts';

const DAY_MS = 86_400_000;

export interface OutputsOptions {
  readonly config: GatewayConfig;
  readonly topics: Topics;
  readonly version: string;
  readonly home: () => Transport;
  readonly outbox: Pick<Outbox, 'put'>;
  readonly log: Logger;
  readonly state?: OutputsState | undefined;
}

/** Plain data for JSON. */
export interface OutputsState {
  readonly outgoing: unknown;
  readonly summaries: SummariesSnapshot;
}

export interface Outputs {
  readonly outgoing: Outgoing;
  /** `undefined` where Home Assistant is told nothing. */
  readonly announcer: Announcer | undefined;
  /** `undefined` where telemetry is not summed up. */
  readonly summaries: Summaries | undefined;
  /** Puts summaries on the disk, from where they are sent. */
  keepSummaries(closed: readonly TelemetrySummary[]): void;
  /** The models that predict have changed. */
  setLines(lines: readonly Line[]): void;
  snapshot(): OutputsState;
}

const modelsOf = (lines: readonly Line[]) =>
  lines.map(({ model }) => ({ model: model.name, classes: model.cascade.manifest.classes }));

export function createOutputs(options: OutputsOptions): Outputs {
  const { config, topics, version, home, outbox, log, state } = options;
  const { site, gateway, data, outputs } = config;
  const { homeAssistant, namespace } = outputs;
  const toNamespace = namespace && createNamespace({ ...namespace, site, gateway });
  const announcer =
    homeAssistant &&
    createAnnouncer({
      homeAssistant: createHomeAssistant({ ...homeAssistant, site, gateway, topics, version }),
      models: [],
      file: join(data, 'announced.json'),
      publish: ({ topic, payload, retain }) => home().publish(topic, payload, { retain }),
      log,
      forgetAfterMs: homeAssistant.forgetAfterDays * DAY_MS,
    });
  const summaries = outputs.summary ? createSummaries({ snapshot: state?.summaries }) : undefined;

  function others(prediction: Prediction): readonly OutputMessage[] {
    announcer?.note(prediction);
    return toNamespace === undefined ? [] : [toNamespace(prediction)];
  }

  const outgoing = createOutgoing({
    topics,
    home,
    rules: outputs.prediction,
    others,
    state: state?.outgoing,
  });

  return {
    outgoing,
    announcer,
    summaries,
    keepSummaries(closed) {
      if (closed.length === 0) return;
      outbox.put(
        closed.map((summary) => ({
          class: 'telemetry' as const,
          id: summary.id,
          destination: topics.summary(summary.asset),
          payload: Buffer.from(JSON.stringify(summary)),
        })),
      );
    },
    setLines: (lines) => announcer?.setModels(modelsOf(lines)),
    snapshot: () => ({
      outgoing: outgoing.snapshot(),
      summaries: summaries?.snapshot() ?? [],
    }),
  };
}
