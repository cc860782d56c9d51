// Sparkplug B (Eclipse, specification 3.0) as a source of samples. It remembers what births said
// and where each edge node's sequence stands; all of it follows from the messages alone.
import { InputError } from '@dandan/shared/error';
import {
  type ChannelRules,
  createGlobs,
  fillNameTemplate,
  type NameTemplate,
  parseNameTemplate,
  toAssetName,
} from '../naming/index.ts';
import type { Reading, Source, SourceCommand, SourceMessage } from '../source.ts';
import { createCounters, type SparkplugCounters } from './counters.ts';
import { decodePayload } from './decode-payload.ts';
import { encodeRebirth } from './encode-rebirth.ts';
import {
  parseSparkplugTopic,
  rebirthTopic,
  type SparkplugTopic,
  sparkplugFilters,
} from './parse-topic.ts';
import { createPlant, type EdgeNode, type Life, type Member } from './plant.ts';
import { readMessage } from './read-message.ts';
import { restoreSnapshot, takeSnapshot } from './snapshot.ts';
import type { ReadingState } from './take-value.ts';

export interface SparkplugOptions {
  /** Names or globs. A glob subscribes to all groups. */
  readonly group: readonly string[];
  /** Edge nodes that are read: names or globs. */
  readonly nodes: readonly string[];
  /** Devices that are read: names or globs. */
  readonly devices: readonly string[];
  /** Asset of a device, of {group}, {node} and {device}. */
  readonly asset: string;
  /** Asset of an edge node's own metrics, of {group} and {node}. */
  readonly nodeAsset: string;
  /** Channels by the names of metrics. */
  readonly metrics: ChannelRules;
  /** Metrics without a rule are not read. */
  readonly listedOnly: boolean;
  /** A node is asked for its births once in this time; 0: never. */
  readonly rebirthIntervalMs: number;
  /** Reads data of metrics that name themselves and their type before any birth. */
  readonly readBeforeBirth: boolean;
}

export interface SparkplugState {
  readonly group: string;
  readonly node: string;
  readonly device: string | undefined;
  readonly asset: string | undefined;
  readonly life: Life;
  /** Milliseconds since the epoch, in time of arrival. */
  readonly since: number;
}

export interface SparkplugSource extends Source {
  /** Every edge node and device that was heard of. */
  states(): SparkplugState[];
  counters(): SparkplugCounters;
}

function template(field: string, text: string, parts: readonly string[]): NameTemplate {
  const parsed = parseNameTemplate(text, parts);
  if (typeof parsed !== 'string') return parsed;
  const details = { field, value: text, allowed: parsed };
  throw new InputError('config-invalid', `${field} is no template of a name`, details);
}

/**
 * A source that has heard nothing yet, or remembers what `snapshot` says.
 *
 * @throws {InputError} `config-invalid` for a template, `data-invalid` for a snapshot.
 */
export function createSparkplugSource(
  options: SparkplugOptions,
  snapshot?: unknown,
): SparkplugSource {
  const { rebirthIntervalMs, readBeforeBirth, listedOnly } = options;
  const deviceAsset = template('asset', options.asset, ['group', 'node', 'device']);
  const nodeAsset = template('nodeAsset', options.nodeAsset, ['group', 'node']);
  const readsGroup = createGlobs(options.group);
  const readsName = createGlobs(options.nodes);
  const readsNode = (group: string, node: string) => readsGroup(group) && readsName(node);
  const counters = createCounters();

  const justAsked = ({ askedAt }: EdgeNode, time: number) =>
    // A clock that was set back by more than that does not silence the requests.
    askedAt !== undefined && Math.abs(time - askedAt) < rebirthIntervalMs;
  const plant = createPlant(justAsked);
  const assetOf = ({ group, node, device }: Member) =>
    toAssetName(
      device === undefined
        ? fillNameTemplate(nodeAsset, { group, node })
        : fillNameTemplate(deviceAsset, { group, node, device }),
    );
  const naming = { rules: options.metrics, listedOnly };
  const context = {
    plant,
    naming,
    assetOf,
    readsDevice: createGlobs(options.devices),
    readBeforeBirth,
  };
  if (snapshot !== undefined) restoreSnapshot(snapshot, { ...context, readsNode });

  function parse(topic: string): SparkplugTopic | undefined {
    const parsed = parseSparkplugTopic(topic);
    return parsed !== undefined && readsNode(parsed.group, parsed.node) ? parsed : undefined;
  }

  function ask(node: EdgeNode, { retained, receivedAt }: SourceMessage): SourceCommand[] {
    if (node.missed.size === 0 || retained || rebirthIntervalMs === 0) return [];
    if (justAsked(node, receivedAt)) return [];
    node.askedAt = receivedAt;
    counters.rebirthRequests++;
    return [{ topic: rebirthTopic(node.self), payload: encodeRebirth(receivedAt) }];
  }

  function readPayload(topic: SparkplugTopic, message: SourceMessage): Reading {
    const payload = decodePayload(message.payload);
    const state: ReadingState = { message, payload, samples: [], problems: [], counters };
    // A death of a node that was never heard of changes nothing.
    const node =
      topic.type === 'NDEATH' ? plant.find(topic) : plant.open(topic, message.receivedAt);
    if (node === undefined) return { samples: [], commands: [], problems: [] };
    try {
      readMessage(node, topic, context, state);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      state.problems.push(error);
    }
    return { samples: state.samples, commands: ask(node, message), problems: state.problems };
  }

  return {
    filters: sparkplugFilters(options.group),
    matches: (topic) => parse(topic) !== undefined,
    read(message) {
      const topic = parse(message.topic);
      if (topic === undefined) return { samples: [], commands: [], problems: [] };
      try {
        return readPayload(topic, message);
      } catch (error) {
        if (!(error instanceof InputError)) throw error;
        return { samples: [], commands: [], problems: [error] };
      }
    },
    snapshot: () => takeSnapshot(plant),
    states: () =>
      [...plant.nodes()].flatMap(({ self, devices }) =>
        [self, ...devices.values()].map(({ group, node, device, asset, life, since }) => {
          return { group, node, device, asset, life, since };
        }),
      ),
    counters: () => ({ ...counters }),
  };
}
