// Messages of Python implementations, captured once from a broker (see the note in the file).
import { readFileSync } from 'node:fs';
import type { SourceMessage } from '../../source.ts';
import { T0 } from './messages.ts';

const FILE = new URL('./python-messages.json', import.meta.url);
const captured = JSON.parse(readFileSync(FILE, 'utf8')) as Record<
  'pysparkplug' | 'mqtt-spb-wrapper',
  { topic: string; payload: string }[]
>;

/** What `tool` published, in order. */
export function pythonMessages(tool: keyof typeof captured): SourceMessage[] {
  return captured[tool].map(({ topic, payload }) => ({
    topic,
    payload: Buffer.from(payload, 'base64'),
    receivedAt: T0,
    retained: false,
  }));
}
