// MQTT topics under dandan/{site}/{gateway}/.
import { InputError } from '../error/index.ts';
import { LEVEL, LEVEL_WORDS } from './device-name.ts';

/** Validates a name that becomes a topic level. @throws {InputError} `topic-invalid`. */
export function checkTopicLevel(field: string, name: string): string {
  if (LEVEL.test(name)) return name;
  throw new InputError('topic-invalid', `'${name}' cannot be part of a topic`, {
    field,
    value: name,
    allowed: LEVEL_WORDS,
  });
}

export interface Topics {
  /** Subscription that covers every telemetry topic of this gateway. */
  readonly telemetryFilter: string;
  telemetry(asset: string, channel?: string): string;
  prediction(asset: string): string;
  summary(asset: string): string;
  readonly health: string;
  readonly metrics: string;
  readonly alert: string;
  readonly desired: string;
  readonly reported: string;
  /** Rows for the edge, to a bridge. */
  readonly escalationRequest: string;
  /** The edge's answers, from a bridge. */
  readonly escalationResponse: string;
  /** Asset and, where given, channel of a telemetry topic; `undefined` for any other topic. */
  parseTelemetry(topic: string): { asset: string; channel: string | undefined } | undefined;
}

/** The topics of one gateway. @throws {InputError} `topic-invalid`. */
export function createTopics({ site, gateway }: { site: string; gateway: string }): Topics {
  const prefix = `dandan/${checkTopicLevel('site', site)}/${checkTopicLevel('gateway', gateway)}`;
  const telemetryPrefix = `${prefix}/telemetry/`;
  return {
    telemetryFilter: `${telemetryPrefix}#`,
    telemetry: (asset, channel) =>
      telemetryPrefix + (channel === undefined ? asset : `${asset}/${channel}`),
    prediction: (asset) => `${prefix}/prediction/${asset}`,
    summary: (asset) => `${prefix}/summary/${asset}`,
    health: `${prefix}/health`,
    metrics: `${prefix}/metrics`,
    alert: `${prefix}/alert`,
    desired: `${prefix}/desired`,
    reported: `${prefix}/reported`,
    escalationRequest: `${prefix}/escalation/request`,
    escalationResponse: `${prefix}/escalation/response`,
    parseTelemetry(topic) {
      if (!topic.startsWith(telemetryPrefix)) return undefined;
      const levels = topic.slice(telemetryPrefix.length).split('/');
      if (levels.length > 2 || !levels.every((level) => LEVEL.test(level))) return undefined;
      return { asset: levels[0], channel: levels[1] };
    },
  };
}
