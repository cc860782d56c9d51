// Ten days without broker and edge, and the time after, in a time of its own: a plant's messages at their
// rates into an outbox of some megabytes, then the paced resend beside live traffic.

import { createLogger } from '../../../log/index.ts';
import { createBackoff } from '../../../retry/index.ts';
import { createDrain } from '../drain.ts';
import type { CarriedClass, MessageClass, NewMessage } from '../message.ts';
import { MESSAGE_CLASSES } from '../message.ts';
import { type Outbox, openOutbox } from '../outbox.ts';
import { startDiskMeter } from './disk-meter.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

export interface OutageOptions {
  readonly file: string;
  readonly maxBytes: number;
  readonly days: number;
  /** Messages a minute by class. */
  readonly perMinute: Readonly<Record<MessageClass, number>>;
  /** Minutes put together, as a group commit does. */
  readonly groupMinutes: number;
  readonly ratePerSecond: number;
  /** Part of each second in which live messages are under way. */
  readonly liveShare: number;
  /** Most messages to send after the outage. @default {all} */
  readonly drainLimit?: number;
}

export interface OutageFigures {
  readonly offered: Readonly<Record<MessageClass, number>>;
  readonly kept: Readonly<Record<MessageClass, number>>;
  readonly evicted: Readonly<Record<MessageClass, number>>;
  readonly refused: Readonly<Record<MessageClass, number>>;
  /** Most bytes of all files at once, as another thread saw them. */
  readonly mostBytes: number;
  readonly bytesAfterDrain: number;
  readonly drained: number;
  /** By the simulated clock. */
  readonly drainedPerSecond: number;
  /** Messages of the drain that left while live messages were under way. */
  readonly inTheWay: number;
  /** Ids in the order in which they were sent. */
  readonly order: readonly string[];
  readonly realSeconds: number;
}

const PAYLOAD_BYTES: Readonly<Record<CarriedClass, number>> = {
  prediction: 300,
  audit: 800,
  telemetry: 400,
};

/** Messages of one class whose share of the minutes up to `minute` is due. */
function createSource(kind: MessageClass, perMinute: number) {
  let made = 0;
  return {
    get made() {
      return made;
    },
    until(minute: number): string[] {
      const ids: string[] = [];
      for (; made < Math.floor(minute * perMinute); made++) {
        ids.push(`${kind}/press-${made % 50}/${String(made).padStart(9, '0')}`);
      }
      return ids;
    },
  };
}

function put(outbox: Outbox, kind: MessageClass, ids: readonly string[]): void {
  if (kind === 'escalation') {
    const rest = { bundle: 'ab'.repeat(32), model: 'press', codes: new Uint8Array(60) };
    outbox.add(
      ids.map((id) => ({ ...rest, id, prediction: 'x'.repeat(280) })),
      { announced: true },
    );
    return;
  }
  const payload = new Uint8Array(PAYLOAD_BYTES[kind]);
  const destination = `dandan/osaka/line-1/${kind}/press-1`;
  outbox.put(ids.map((id): NewMessage => ({ class: kind, id, destination, payload })));
}

const byClass = (of: (kind: MessageClass) => number) =>
  Object.fromEntries(MESSAGE_CLASSES.map((kind) => [kind, of(kind)])) as Record<
    MessageClass,
    number
  >;

/** Runs it all and returns what came of it. */
export async function simulateOutage(options: OutageOptions): Promise<OutageFigures> {
  const { file, maxBytes, days, perMinute, groupMinutes, ratePerSecond, liveShare } = options;
  const { drainLimit = Number.POSITIVE_INFINITY } = options;
  const begun = performance.now();
  const meter = startDiskMeter(file);
  let time = 0;
  const outbox = openOutbox({ file, maxRows: 1e7, maxBytes, monotonic: () => time, boot: 'b' });
  const sources = byClass(() => 0) as unknown as Record<
    MessageClass,
    ReturnType<typeof createSource>
  >;
  for (const kind of MESSAGE_CLASSES) sources[kind] = createSource(kind, perMinute[kind]);
  for (let minute = groupMinutes; minute <= (days * DAY_MS) / MINUTE_MS; minute += groupMinutes) {
    time = minute * MINUTE_MS;
    for (const kind of MESSAGE_CLASSES) put(outbox, kind, sources[kind].until(minute));
    if (minute % 60 === 0) outbox.sweep();
  }
  const full = outbox.snapshot();

  const stop = new AbortController();
  const order: string[] = [];
  const back = time;
  const liveBusy = () => (time % 1000) / 1000 < liveShare;
  let inTheWay = 0;
  let lastAt = time;
  const drain = createDrain({
    outbox,
    classes: ['prediction', 'audit', 'telemetry'],
    async send({ id }) {
      order.push(id);
      lastAt = time;
      if (liveBusy()) inTheWay++;
      if (order.length >= drainLimit) stop.abort();
      return { kind: 'acknowledged' };
    },
    liveBusy,
    ratePerSecond,
    backoff: createBackoff({ minMs: 500, maxMs: 30_000 }),
    log: createLogger({ write: () => {} }),
    now: () => time,
    async wait(ms) {
      await Promise.resolve();
      time += ms;
      // Nothing was sent for ten seconds: nothing is left.
      if (time - lastAt > 10_000) stop.abort();
    },
  });
  await drain.run(stop.signal);
  for (let minute = 0; minute < 20; minute++) outbox.sweep();
  const bytesAfterDrain = outbox.snapshot().diskBytes;
  outbox.close();
  await meter.stop();
  return {
    offered: byClass((kind) => sources[kind].made),
    kept: byClass((kind) => full[kind].waiting),
    evicted: byClass((kind) => full[kind].evicted),
    refused: byClass((kind) => full[kind].refused),
    mostBytes: meter.most,
    bytesAfterDrain,
    drained: order.length,
    drainedPerSecond: (order.length * 1000) / (lastAt - back),
    inTheWay,
    order,
    realSeconds: (performance.now() - begun) / 1000,
  };
}
