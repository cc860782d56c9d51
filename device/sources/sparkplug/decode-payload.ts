// Sparkplug B payloads, as far as a gateway reads them. Three messages deep (payload, metric,
// properties) and no further: data sets, templates and nested property sets are stepped over whole,
// so that no payload nests the decoder.
import { unzipSync } from 'node:zlib';
import { decodeProperties } from './decode-properties.ts';
import { MAX_METRICS_PER_PAYLOAD, MAX_NAME_BYTES, MAX_PAYLOAD_BYTES } from './limits.ts';
import { FIELD, type RawValue } from './metric-value.ts';
import {
  BYTES,
  type Cursor,
  createCursor,
  FIXED32,
  FIXED64,
  malformed,
  readKey,
  readLength,
  readText,
  readVarint,
  skipBytes,
  skipField,
  toUnsigned,
  VARINT,
} from './wire.ts';

/** A name's number; as text above 2⁵³, where some writers use hashes. */
export type Alias = number | string;

export interface DecodedMetric extends RawValue {
  name: string | undefined;
  alias: Alias | undefined;
  /** Milliseconds since the epoch. */
  timestamp: number | undefined;
  dataType: number | undefined;
  isHistorical: boolean;
  isNull: boolean;
  unit: string | undefined;
  quality: number | undefined;
}

export interface DecodedPayload {
  /** Milliseconds since the epoch. */
  readonly timestamp: number | undefined;
  readonly seq: number | undefined;
  readonly metrics: readonly DecodedMetric[];
}

/** Cirrus Link's convention: a payload of this `uuid` has the packed real one as its `body`. */
const COMPRESSED = 'SPBV1.0_COMPRESSED';

const PAYLOAD = {
  timestamp: (1 << 3) | VARINT,
  metric: (2 << 3) | BYTES,
  seq: (3 << 3) | VARINT,
  uuid: (4 << 3) | BYTES,
  body: (5 << 3) | BYTES,
} as const;

const METRIC = {
  name: (1 << 3) | BYTES,
  alias: (2 << 3) | VARINT,
  timestamp: (3 << 3) | VARINT,
  dataType: (4 << 3) | VARINT,
  isHistorical: (5 << 3) | VARINT,
  isNull: (7 << 3) | VARINT,
  properties: (9 << 3) | BYTES,
  int: (FIELD.int << 3) | VARINT,
  long: (FIELD.long << 3) | VARINT,
  float: (FIELD.float << 3) | FIXED32,
  double: (FIELD.double << 3) | FIXED64,
  boolean: (FIELD.boolean << 3) | VARINT,
} as const;

/** Fields 10 to 19 are the forms a value may have; the last one in a metric counts. */
const isValueField = (field: number) => field >= FIELD.int && field <= 19;

function readUnsigned(cursor: Cursor): number {
  readVarint(cursor);
  return toUnsigned(cursor);
}

function readAlias(cursor: Cursor): Alias {
  const number = readUnsigned(cursor);
  if (number <= Number.MAX_SAFE_INTEGER) return number;
  return String((BigInt(cursor.high) << 32n) | BigInt(cursor.low));
}

function readBoolean(cursor: Cursor): boolean {
  readVarint(cursor);
  return (cursor.low | cursor.high) !== 0;
}

function decodeMetric(cursor: Cursor, end: number): DecodedMetric {
  const outerEnd = cursor.end;
  cursor.end = end;
  const metric: DecodedMetric = {
    name: undefined,
    alias: undefined,
    timestamp: undefined,
    dataType: undefined,
    isHistorical: false,
    isNull: false,
    unit: undefined,
    quality: undefined,
    field: 0,
    low: 0,
    high: 0,
    number: 0,
  };
  while (cursor.at < end) {
    const key = readKey(cursor);
    if (isValueField(key >>> 3)) metric.field = key >>> 3;
    switch (key) {
      case METRIC.name:
        // Beside an alias some encoders write an empty name for none.
        metric.name = readText(cursor, MAX_NAME_BYTES) || undefined;
        break;
      case METRIC.alias:
        metric.alias = readAlias(cursor);
        break;
      case METRIC.timestamp:
        metric.timestamp = readUnsigned(cursor);
        break;
      case METRIC.dataType:
        metric.dataType = readUnsigned(cursor);
        break;
      case METRIC.isHistorical:
        metric.isHistorical = readBoolean(cursor);
        break;
      case METRIC.isNull:
        metric.isNull = readBoolean(cursor);
        break;
      case METRIC.properties: {
        const { unit, quality } = decodeProperties(cursor, readLength(cursor));
        metric.unit = unit;
        metric.quality = quality;
        break;
      }
      case METRIC.int:
      case METRIC.long:
      case METRIC.boolean:
        readVarint(cursor);
        metric.low = cursor.low;
        metric.high = cursor.high;
        break;
      case METRIC.float:
        metric.number = cursor.view.getFloat32(skipBytes(cursor, 4), true);
        break;
      case METRIC.double:
        metric.number = cursor.view.getFloat64(skipBytes(cursor, 8), true);
        break;
      default:
        skipField(cursor, key & 7);
    }
  }
  cursor.end = outerEnd;
  return metric;
}

/** The payload within a compressed one, gzip or deflate. */
function unpack(cursor: Cursor, body: Uint8Array): Uint8Array {
  try {
    return unzipSync(body, { maxOutputLength: MAX_PAYLOAD_BYTES });
  } catch {
    throw malformed(cursor, `gzip or deflate of at most ${MAX_PAYLOAD_BYTES} bytes`);
  }
}

function decode(bytes: Uint8Array, mayBeCompressed: boolean): DecodedPayload {
  const cursor = createCursor(bytes);
  if (bytes.byteLength > MAX_PAYLOAD_BYTES) {
    throw malformed(cursor, `at most ${MAX_PAYLOAD_BYTES} bytes; these are ${bytes.byteLength}`);
  }
  let timestamp: number | undefined;
  let seq: number | undefined;
  let uuid = '';
  let body: Uint8Array | undefined;
  const metrics: DecodedMetric[] = [];
  while (cursor.at < cursor.end) {
    const key = readKey(cursor);
    if (key === PAYLOAD.metric) {
      if (metrics.length === MAX_METRICS_PER_PAYLOAD) {
        throw malformed(cursor, `at most ${MAX_METRICS_PER_PAYLOAD} metrics`);
      }
      metrics.push(decodeMetric(cursor, readLength(cursor)));
    } else if (key === PAYLOAD.timestamp) timestamp = readUnsigned(cursor);
    else if (key === PAYLOAD.seq) seq = readUnsigned(cursor);
    else if (key === PAYLOAD.uuid) uuid = readText(cursor, MAX_NAME_BYTES);
    else if (key === PAYLOAD.body) {
      const end = readLength(cursor);
      body = bytes.subarray(cursor.at, end);
      cursor.at = end;
    } else skipField(cursor, key & 7);
  }
  if (uuid === COMPRESSED && body !== undefined && mayBeCompressed) {
    return decode(unpack(cursor, body), false);
  }
  return { timestamp, seq, metrics };
}

/** Decodes a payload, a compressed one too. @throws {InputError} `payload-invalid`. */
export const decodePayload = (bytes: Uint8Array): DecodedPayload => decode(bytes, true);
