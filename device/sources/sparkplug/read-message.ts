// What each type of message does to an edge node (specification 3.0, chapters 5 and 6).
import { InputError } from '@dandan/shared/error';
import type { DecodedPayload } from './decode-payload.ts';
import { EMPTY_TABLE } from './metric-table.ts';
import { DATA_TYPE, numericValue } from './metric-value.ts';
import type { SparkplugTopic } from './parse-topic.ts';
import { type EdgeNode, isAlive, type Member, NODE_ITSELF, type Plant } from './plant.ts';
import { readBirth } from './read-births.ts';
import { type DataContext, readData } from './read-data.ts';
import { addProblem, type ReadingState } from './take-value.ts';

/** `seq` runs through 0..255 (specification 3.0, chapter 6). */
const SEQ_MODULUS = 256;

export interface MessageContext extends DataContext {
  readonly readsDevice: (device: string) => boolean;
}

function bdSeqOf({ metrics }: DecodedPayload): number | undefined {
  const metric = metrics.find(({ name }) => name === 'bdSeq');
  if (metric === undefined) return undefined;
  const value = numericValue(metric, metric.dataType ?? DATA_TYPE.uint64);
  return Number.isFinite(value) ? value : undefined;
}

/** Compares `seq` with the last one; a gap asks for births, since one may have been in it. */
function followSeq(node: EdgeNode, state: ReadingState): void {
  const { seq } = state.payload;
  if (seq === undefined) return;
  if (seq >= SEQ_MODULUS) {
    const details = { field: 'seq', value: seq, allowed: `0..${SEQ_MODULUS - 1}` };
    addProblem(state, () => new InputError('payload-invalid', 'No sequence number', details));
    return;
  }
  const { seq: last } = node;
  node.seq = seq;
  if (last === undefined || seq === (last + 1) % SEQ_MODULUS) return;
  // QoS 1 on the way, as over a bridge, may bring a message twice.
  if (seq === last) state.counters.repeats++;
  else {
    state.counters.gaps++;
    node.missed.add(NODE_ITSELF);
  }
}

function die(plant: Plant, member: Member, time: number): void {
  plant.setTable(member, EMPTY_TABLE);
  if (isAlive(member)) plant.setLife(member, 'stale', time);
}

function readNodeBirth(node: EdgeNode, context: MessageContext, state: ReadingState): void {
  const { payload, message } = state;
  if (message.retained) {
    // A live one is newer. Devices that the broker kept, too, may have come first.
    if (node.self.life === 'live') state.counters.ignored++;
    else readBirth(node.self, context, state);
    return;
  }
  for (const device of node.devices.values()) die(context.plant, device, message.receivedAt);
  node.bdSeq = bdSeqOf(payload);
  node.seq = payload.seq !== undefined && payload.seq < SEQ_MODULUS ? payload.seq : undefined;
  node.missed.clear();
  readBirth(node.self, context, state);
}

function readNodeDeath(node: EdgeNode, context: MessageContext, state: ReadingState): void {
  const { payload, message, counters } = state;
  const bdSeq = bdSeqOf(payload);
  const other = node.bdSeq !== undefined && bdSeq !== undefined && bdSeq !== node.bdSeq;
  // The will of a lost connection may come after the birth of the next.
  if (other || (message.retained && node.self.life === 'live')) {
    counters.ignored++;
    return;
  }
  counters.deaths++;
  node.bdSeq = undefined;
  node.seq = undefined;
  node.missed.clear();
  for (const member of [node.self, ...node.devices.values()]) {
    die(context.plant, member, message.receivedAt);
  }
}

function readDevice(
  node: EdgeNode,
  device: string,
  type: SparkplugTopic['type'],
  context: MessageContext,
  state: ReadingState,
): void {
  const { message, counters } = state;
  const { plant, readsDevice } = context;
  if (node.self.life !== 'live' && type !== 'DDEATH') node.missed.add(NODE_ITSELF);
  if (!readsDevice(device)) return;
  const known = node.devices.get(device);
  if (message.retained && known?.life === 'live') {
    counters.ignored++;
  } else if (type === 'DDEATH') {
    node.missed.delete(device);
    if (known === undefined) return;
    counters.deaths++;
    die(plant, known, message.receivedAt);
  } else {
    const member = known ?? plant.openDevice(node, device, message.receivedAt);
    if (type === 'DBIRTH') {
      readBirth(member, context, state);
      node.missed.delete(device);
    } else if (!readData(member, context, state)) node.missed.add(device);
  }
}

function readNodeData(node: EdgeNode, context: MessageContext, state: ReadingState): void {
  const { self } = node;
  if (self.life !== 'live') node.missed.add(NODE_ITSELF);
  if (state.message.retained && self.life === 'live') state.counters.ignored++;
  else if (!readData(self, context, state)) node.missed.add(NODE_ITSELF);
}

/** Reads a message of `node`. @throws {InputError} `topic-invalid`: too many devices. */
export function readMessage(
  node: EdgeNode,
  { type, device }: SparkplugTopic,
  context: MessageContext,
  state: ReadingState,
): void {
  if (type === 'NBIRTH') readNodeBirth(node, context, state);
  else if (type === 'NDEATH') readNodeDeath(node, context, state);
  else {
    if (!state.message.retained) followSeq(node, state);
    if (device === undefined) readNodeData(node, context, state);
    else readDevice(node, device, type, context, state);
  }
}
