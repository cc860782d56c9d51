// Home Assistant's device-based MQTT discovery (2024.12 and later): one retained message for the
// gateway and one for each asset, whose entities read the gateway's own topics.
import type { Topics } from '@dandan/shared/wire';
import type { OutputMessage, OutputModel } from './message.ts';
import { objectId } from './object-id.ts';

export interface HomeAssistantOptions {
  /** Prefix that Home Assistant listens to. @default {'homeassistant'} */
  readonly prefix?: string;
  readonly site: string;
  readonly gateway: string;
  readonly topics: Topics;
  /** Version of the gateway's program. */
  readonly version: string;
  /** Entities become unavailable after so many seconds without a prediction. 0: never. @default {0} */
  readonly expireAfterSeconds?: number;
}

export type Component = Readonly<Record<string, unknown>>;

export interface DeviceConfig {
  readonly topic: string;
  readonly components: Readonly<Record<string, Component>>;
  /** What stands beside the components. */
  readonly shared: Readonly<Record<string, unknown>>;
}

const GATEWAY_COUNTERS = [
  ['rows', 'Rows'],
  ['escalated', 'Rows asked of the edge'],
  ['degraded', 'Degraded answers'],
  ['evicted', 'Rows given up'],
] as const;

/** A prediction of `model` by `template`; others about the asset leave the entity as it is. */
function valueOfModel(template: string, model: string, alone: boolean): string {
  if (alone) return `{{ ${template} }}`;
  const keep = "this.state if this.state not in ['unknown', 'unavailable'] else none";
  // Names of models are letters, digits and . _ - only: none of them ends the quotes.
  return `{{ (${template}) if value_json.model == '${model}' else (${keep}) }}`;
}

/** What Home Assistant is told of a gateway and its assets: pure functions of their names. */
export function createHomeAssistant(options: HomeAssistantOptions) {
  const { prefix = 'homeassistant', site, gateway, topics, version } = options;
  const { expireAfterSeconds = 0 } = options;
  const gatewayId = objectId('dandan', site, gateway);
  const topicOf = (id: string) => `${prefix}/device/${id}/config`;
  const origin = { name: 'dandan-gateway', sw_version: version };
  const availability = [
    {
      topic: topics.health,
      value_template: '{{ value_json.status }}',
      payload_available: 'online',
      payload_not_available: 'offline',
    },
  ];
  const expiry = expireAfterSeconds > 0 ? { expire_after: expireAfterSeconds } : {};

  function entitiesOf(asset: string, { model, classes }: OutputModel, alone: boolean) {
    const id = (what: string) => objectId('dandan', site, gateway, asset, model, what);
    const name = (what: string) => (alone ? what : `${model} ${what.toLowerCase()}`);
    const value = (template: string) => ({ value_template: valueOfModel(template, model, alone) });
    const entity = (what: string, title: string) => ({ name: name(title), unique_id: id(what) });
    return {
      [objectId(model, 'class')]: {
        platform: 'sensor',
        ...entity('class', 'Class'),
        device_class: 'enum',
        options: [...classes],
        ...value('value_json.label'),
        // Two models would overwrite each other's attributes.
        ...(alone && { json_attributes_topic: topics.prediction(asset) }),
        ...expiry,
      },
      [objectId(model, 'confidence')]: {
        platform: 'sensor',
        ...entity('confidence', 'Confidence'),
        unit_of_measurement: '%',
        state_class: 'measurement',
        suggested_display_precision: 1,
        ...value('(value_json.confidence * 100) | round(2)'),
        ...expiry,
      },
      [objectId(model, 'stage')]: {
        platform: 'sensor',
        ...entity('stage', 'Stage'),
        entity_category: 'diagnostic',
        state_class: 'measurement',
        ...value('value_json.stage'),
        ...expiry,
      },
      [objectId(model, 'degraded')]: {
        platform: 'binary_sensor',
        ...entity('degraded', 'Edge out of reach'),
        device_class: 'problem',
        entity_category: 'diagnostic',
        payload_on: 'on',
        payload_off: 'off',
        ...value("'on' if value_json.degraded else 'off'"),
        ...expiry,
      },
    };
  }

  return {
    /** The device of the gateway: whether it is there, and its counters. */
    gateway(): DeviceConfig {
      const id = (what: string) => objectId('dandan', site, gateway, what);
      const counters = GATEWAY_COUNTERS.map(([field, name]) => [
        field,
        {
          platform: 'sensor',
          name,
          unique_id: id(field),
          entity_category: 'diagnostic',
          state_class: 'total_increasing',
          state_topic: topics.metrics,
          value_template: `{{ value_json.${field} }}`,
          availability,
        },
      ]);
      return {
        topic: topicOf(gatewayId),
        shared: {
          device: {
            identifiers: [gatewayId],
            name: `Dandan ${gateway}`,
            manufacturer: 'Dandan',
            model: 'dandan-gateway',
            sw_version: version,
          },
          origin,
          qos: 1,
        },
        components: {
          health: {
            platform: 'binary_sensor',
            name: 'Running',
            unique_id: id('health'),
            device_class: 'running',
            entity_category: 'diagnostic',
            state_topic: topics.health,
            value_template: '{{ value_json.status }}',
            payload_on: 'online',
            payload_off: 'offline',
          },
          pending: {
            platform: 'sensor',
            name: 'Rows waiting',
            unique_id: id('pending'),
            entity_category: 'diagnostic',
            state_class: 'measurement',
            state_topic: topics.metrics,
            value_template: '{{ value_json.pending }}',
            availability,
          },
          ...Object.fromEntries(counters),
        },
      };
    },
    /** The device of an asset with the entities of each model that reads it. */
    asset(asset: string, models: readonly OutputModel[]): DeviceConfig {
      const id = objectId('dandan', site, gateway, asset);
      return {
        topic: topicOf(id),
        shared: {
          device: { identifiers: [id], name: asset, manufacturer: 'Dandan', via_device: gatewayId },
          origin,
          availability,
          state_topic: topics.prediction(asset),
          qos: 1,
        },
        components: Object.assign(
          {},
          ...models.map((model) => entitiesOf(asset, model, models.length === 1)),
        ),
      };
    },
    assetTopic: (asset: string) => topicOf(objectId('dandan', site, gateway, asset)),
  };
}

export type HomeAssistant = ReturnType<typeof createHomeAssistant>;

/** The message that announces a device, or changes what was announced of it. */
export function announce({ topic, shared, components }: DeviceConfig): OutputMessage {
  return { topic, payload: JSON.stringify({ ...shared, components }), retain: true };
}

/**
 * Messages from one configuration to the next. An entity that goes is first sent with its platform
 * alone, which removes it, and then left out.
 */
export function change(
  before: Readonly<Record<string, string>>,
  after: DeviceConfig,
): readonly OutputMessage[] {
  const gone = Object.entries(before).filter(([name]) => !(name in after.components));
  const last = announce(after);
  if (gone.length === 0) return [last];
  const removed = Object.fromEntries(gone.map(([name, platform]) => [name, { platform }]));
  return [announce({ ...after, components: { ...after.components, ...removed } }), last];
}

/** The message that removes a device with all its entities. */
export const remove = (topic: string): OutputMessage => ({ topic, payload: '', retain: true });

/** Platform of each component, which is all that is to be known to remove it. */
export const platformsOf = ({ components }: DeviceConfig): Record<string, string> =>
  Object.fromEntries(
    Object.entries(components).map(([name, { platform }]) => [name, platform as string]),
  );
