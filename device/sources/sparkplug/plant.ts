// The edge nodes and devices that a source has heard of, within bounds, and whose asset is whose.
import { InputError } from '@dandan/shared/error';
import { MAX_DEVICES_PER_NODE, MAX_KNOWN_METRICS, MAX_NODES } from './limits.ts';
import { EMPTY_TABLE, type MetricTable } from './metric-table.ts';
import type { SparkplugTopic } from './parse-topic.ts';

/**
 * `unknown`: no birth yet. `retained`: known from a birth that the broker kept, of any age.
 * `live`: born and not dead since. `stale`: dead, or its node is.
 */
export type Life = 'unknown' | 'retained' | 'live' | 'stale';

/** An edge node's own metrics, or a device. */
export interface Member {
  readonly node: string;
  readonly group: string;
  readonly device: string | undefined;
  life: Life;
  /** When its life last changed, in time of messages. */
  since: number;
  table: MetricTable;
  /** The asset that its samples belong to; `undefined` until it has one to itself. */
  asset: string | undefined;
}

/** In {@linkcode EdgeNode.missed}: the birth of the node, and so of all its devices. No device is called so. */
export const NODE_ITSELF = '';

export interface EdgeNode {
  readonly self: Member;
  readonly devices: Map<string, Member>;
  /** Number of the session, said by births and the will (0..255 mostly). */
  bdSeq: number | undefined;
  /** Of the last message. */
  seq: number | undefined;
  /**
   * Whose births are missed: devices, or {@linkcode NODE_ITSELF}. Births come one by one, and data
   * of a device may come between that of its node and its own: that is no reason to ask again.
   */
  readonly missed: Set<string>;
  /** When it was last asked for its births. */
  askedAt: number | undefined;
}

export interface Plant {
  nodes(): Iterable<EdgeNode>;
  find(topic: SparkplugTopic): EdgeNode | undefined;
  /** The node of a topic, new where need be. @throws {InputError} `topic-invalid`: too many. */
  open(topic: SparkplugTopic, time: number): EdgeNode;
  /** The device of a node, likewise. @throws {InputError} `topic-invalid`: too many. */
  openDevice(node: EdgeNode, device: string, time: number): Member;
  /** Room for metrics beside those of all members but `member`. */
  roomFor(member: Member): number;
  /** Makes `asset` that of `member`, unless another has it and is alive. */
  claim(member: Member, asset: string): boolean;
  setTable(member: Member, table: MetricTable): void;
  setLife(member: Member, life: Life, time: number): void;
}

export const isAlive = ({ life }: Member): boolean => life === 'live' || life === 'retained';

/** The first entry that may go makes room; none: no room. */
function firstOf<T>(map: Map<string, T>, mayGo: (value: T) => boolean): [string, T] | undefined {
  for (const entry of map) if (mayGo(entry[1])) return entry;
  return undefined;
}

function tooMany(what: string, value: string, limit: number): InputError {
  return new InputError('topic-invalid', `Too many ${what}`, {
    field: what,
    value,
    allowed: `at most ${limit} that are alive; narrow them in the configuration`,
  });
}

/** A plant without nodes. A node stays while `mustStay`: it was asked for its births just now. */
export function createPlant(mustStay: (node: EdgeNode, time: number) => boolean): Plant {
  const nodes = new Map<string, EdgeNode>();
  const owners = new Map<string, Member>();
  let known = 0;

  function setTable(member: Member, table: MetricTable): void {
    known += table.entries.length - member.table.entries.length;
    member.table = table;
  }

  function forget(member: Member): void {
    setTable(member, EMPTY_TABLE);
    if (member.asset !== undefined) owners.delete(member.asset);
    member.asset = undefined;
  }

  function createMember(topic: SparkplugTopic, device: string | undefined, since: number): Member {
    const { group, node } = topic;
    return { group, node, device, life: 'unknown', since, table: EMPTY_TABLE, asset: undefined };
  }

  const keyOf = ({ group, node }: SparkplugTopic) => `${group}/${node}`;

  return {
    nodes: () => nodes.values(),
    find: (topic) => nodes.get(keyOf(topic)),
    open(topic, time) {
      const key = keyOf(topic);
      const existing = nodes.get(key);
      if (existing !== undefined) return existing;
      if (nodes.size >= MAX_NODES) {
        const dead = firstOf(nodes, (node) => !isAlive(node.self) && !mustStay(node, time));
        if (dead === undefined) throw tooMany('edge nodes', key, MAX_NODES);
        for (const member of [dead[1].self, ...dead[1].devices.values()]) forget(member);
        nodes.delete(dead[0]);
      }
      const node: EdgeNode = {
        self: createMember(topic, undefined, time),
        devices: new Map(),
        bdSeq: undefined,
        seq: undefined,
        missed: new Set(),
        askedAt: undefined,
      };
      nodes.set(key, node);
      return node;
    },
    openDevice(node, device, time) {
      const existing = node.devices.get(device);
      if (existing !== undefined) return existing;
      if (node.devices.size >= MAX_DEVICES_PER_NODE) {
        const dead = firstOf(node.devices, (member) => !isAlive(member));
        if (dead === undefined) throw tooMany('devices', device, MAX_DEVICES_PER_NODE);
        forget(dead[1]);
        node.devices.delete(dead[0]);
        node.missed.delete(dead[0]);
      }
      const { group, node: name } = node.self;
      const topic = { group, node: name, type: 'DBIRTH', device } as const;
      const member = createMember(topic, device, time);
      node.devices.set(device, member);
      return member;
    },
    roomFor: (member) => MAX_KNOWN_METRICS - known + member.table.entries.length,
    claim(member, asset) {
      const owner = owners.get(asset);
      if (owner !== undefined && owner !== member) {
        if (isAlive(owner)) return false;
        owner.asset = undefined;
      }
      if (member.asset !== undefined && member.asset !== asset) owners.delete(member.asset);
      member.asset = asset;
      owners.set(asset, member);
      return true;
    },
    setTable,
    setLife(member, life, time) {
      if (member.life === life) return;
      member.life = life;
      member.since = time;
    },
  };
}
