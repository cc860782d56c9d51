// Telemetry payloads: a number, {t, v}, or {t, values: {channel: v}}.
import { InputError } from '../error/index.ts';
import type { Sample } from '../features/index.ts';
import { MAX_TELEMETRY_BYTES } from './limits.ts';

/** One for all messages: a gateway parses thousands a second. */
const decoder = new TextDecoder();

export interface ParseTelemetryOptions {
  readonly asset: string;
  /** From the topic; `undefined` where the payload names the channels. */
  readonly channel: string | undefined;
  readonly payload: Uint8Array;
  /** Time given to samples that carry none, milliseconds since the epoch. */
  readonly receivedAt: number;
}

function refuse(field: string, value: unknown, allowed: string): never {
  throw new InputError('payload-invalid', `Telemetry field '${field}' is not usable`, {
    field,
    value,
    allowed,
  });
}

function finite(field: string, value: unknown): number {
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  return refuse(field, value, 'a finite number');
}

/** A time outside what a Date can hold would keep its asset waiting for that time for ever. */
const MAX_TIME_MS = 8.64e15;

function instant(value: unknown): number {
  const time = finite('t', value);
  if (time >= 0 && time <= MAX_TIME_MS) return time;
  return refuse('t', time, `milliseconds since the epoch, 0..${MAX_TIME_MS}`);
}

/** The samples of one message. @throws {InputError} `payload-invalid`. */
export function parseTelemetry(options: ParseTelemetryOptions): Sample[] {
  const { asset, channel, payload, receivedAt } = options;
  if (payload.byteLength > MAX_TELEMETRY_BYTES) {
    refuse('payload', `${payload.byteLength} bytes`, `at most ${MAX_TELEMETRY_BYTES} bytes`);
  }
  const text = decoder.decode(payload);
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    refuse('payload', text.slice(0, 64), 'a number or a JSON object');
  }
  if (typeof json === 'number') {
    if (channel === undefined) refuse('topic', asset, 'telemetry/{asset}/{channel} for a number');
    return [{ asset, channel, time: receivedAt, value: finite('payload', json) }];
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    refuse('payload', text.slice(0, 64), 'a number or a JSON object');
  }
  const { t, v, values } = json as { t?: unknown; v?: unknown; values?: unknown };
  const time = t === undefined ? receivedAt : instant(t);
  if (channel !== undefined) return [{ asset, channel, time, value: finite('v', v) }];
  if (typeof values !== 'object' || values === null || Array.isArray(values)) {
    refuse('values', values, 'an object of numbers by channel');
  }
  return Object.entries(values).map(([name, value]) => ({
    asset,
    channel: name,
    time,
    value: finite(`values.${name}`, value),
  }));
}
