// The one payload a gateway writes: a request to an edge node to send its births again.
import { DATA_TYPE } from './metric-value.ts';

const NAME = new TextEncoder().encode('Node Control/Rebirth');

function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) | 0x80);
  bytes.push(rest);
  return bytes;
}

/** Payload of an NCMD that sets `Node Control/Rebirth` (specification 3.0, chapter 6) at `time`. */
export function encodeRebirth(time: number): Uint8Array {
  const timestamp = varint(Math.floor(time));
  // Fields of a metric: 1 name, 3 timestamp, 4 data type, 14 boolean value.
  const metric = [0x0a, NAME.length, ...NAME, 0x18, ...timestamp, 0x20, DATA_TYPE.boolean, 0x70, 1];
  // Fields of a payload: 1 timestamp, 2 metrics.
  return Uint8Array.from([0x08, ...timestamp, 0x12, metric.length, ...metric]);
}
