// Payloads that no gateway can read, as they come from tools, other systems and bad firmware.
import type { Random } from '@dandan/shared/random';
import { MAX_TELEMETRY_BYTES } from '@dandan/shared/wire';
import type { TellTruth, TimedMessage, Transform } from './fault.ts';

const encoder = new TextEncoder();

/** No shape of telemetry, on no telemetry topic, is one of these. */
const KINDS: readonly (readonly [string, (random: Random) => Uint8Array])[] = [
  ['empty', () => new Uint8Array(0)],
  ['cut', () => encoder.encode('{"t":1767592800000,"values":{"vibrat')],
  ['random', (random) => Uint8Array.from({ length: 32 }, () => 0x80 + random.below(0x80))],
  ['text', () => encoder.encode('ERROR: sensor timeout')],
  ['nan', () => encoder.encode('{"t":NaN,"values":{}}')],
  ['types', () => encoder.encode('{"t":"now","values":[1,2,3]}')],
  ['huge-number', () => encoder.encode('{"t":0,"values":{"vibration":1e999}}')],
  ['nested', () => encoder.encode('['.repeat(5000))],
  ['too-long', () => new Uint8Array(MAX_TELEMETRY_BYTES + 1).fill(0x20)],
  ['prototype', () => encoder.encode('{"t":0,"values":{"__proto__":"1"}}')],
];

/** Puts an unreadable message behind a share of the others. `detail`: its kind. */
export function injectGarbage(options: {
  readonly random: Random;
  readonly share: number;
  readonly tell: TellTruth;
}): Transform<TimedMessage> {
  const { random, share, tell } = options;
  return function* (message) {
    yield message;
    if (random.next() >= share) return;
    const [detail, make] = KINDS[random.below(KINDS.length)];
    const { sentAt: from, asset, topic } = message;
    tell({ fault: 'garbage', from, asset, topic, detail });
    yield { ...message, payload: make(random), retain: false, samples: 0 };
  };
}
