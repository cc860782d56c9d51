// The gateway under load on one core, in turns with a bare echo over the same broker.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startMosquitto } from '../../device/testing/mosquitto.ts';
import type { BenchContext, CaseFigures } from '../benchmark.ts';
import { summarise } from '../figures.ts';
import { type Load, startLoad } from './load.ts';
import type { LoadOrder, LoadResult } from './protocol.ts';
import {
  ECHO_PREFIX,
  PREFIX,
  type Program,
  prepareGateway,
  type Side,
  startEcho,
  startGateway,
} from './sides.ts';
import { ASSETS, CHANNELS } from './traffic.ts';

/** Samples a second that the plant reports. */
const RATE_SAMPLES = 15_000;
const PACED_SECONDS = 20;
const FLOOD_MESSAGES = 40_000;
const WARM_UP_SECONDS = 4;
const REPETITIONS = 3;

interface Turn {
  readonly flood: LoadResult;
  readonly paced: LoadResult;
  /** Most memory until the end of each. */
  readonly pacedMb: number;
  readonly floodMb: number;
  /** Cores that the side took at the paced rate. */
  readonly cores: number;
}

interface Bench {
  readonly url: string;
  readonly load: Load;
  readonly program: Program;
  /** Messages sent so far, by side. */
  readonly sent: Map<string, number>;
}

async function withBench<T>(act: (bench: Bench) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'dandan-bench-gateway-'));
  const broker = await startMosquitto();
  const load = await startLoad();
  try {
    const program = await prepareGateway(folder, broker.url);
    return await act({ url: broker.url, load, program, sent: new Map() });
  } finally {
    load.close();
    await broker.dispose();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Orders whose streams go on where the one before ended, as event times do. */
function orderFor(bench: Bench, side: string, count: number, rate?: number): LoadOrder {
  const { url, sent } = bench;
  const first = sent.get(side) ?? 0;
  sent.set(side, first + count);
  const echoes = side === 'echo';
  return {
    url,
    prefix: echoes ? ECHO_PREFIX : PREFIX,
    first,
    count,
    rate,
    answers: echoes ? `${ECHO_PREFIX}/echo/+` : `${PREFIX}/prediction/+`,
    per: echoes ? 'message' : 'row',
  };
}

async function takeTurn(bench: Bench, side: Side): Promise<Turn> {
  const { load } = bench;
  const order = (count: number, rate?: number) => orderFor(bench, side.name, count, rate);
  const rate = RATE_SAMPLES / CHANNELS;
  // The first seconds compile; nobody's plant begins at full rate within the first.
  await load.run(order(rate * WARM_UP_SECONDS, rate));
  const before = await side.cpuMs();
  const paced = await load.run(order(rate * PACED_SECONDS, rate));
  const cores = ((await side.cpuMs()) - before) / 1000 / paced.seconds;
  const pacedMb = await side.peakMb();
  const flood = await load.run(order(FLOOD_MESSAGES));
  return { flood, paced, pacedMb, floodMb: await side.peakMb(), cores };
}

const digits = (value: number) => Number(value.toPrecision(3));

/** Throughput, latency and memory, each side in turns. */
export function measureTraffic(context: BenchContext): Promise<CaseFigures[]> {
  const { repetitions = REPETITIONS, withPeers, line, signal } = context;
  return withBench(async (bench) => {
    const ours: Turn[] = [];
    const echoes: Turn[] = [];
    for (let round = 1; round <= repetitions; round++) {
      signal.throwIfAborted();
      for (const [turns, begin] of [
        [ours, () => startGateway(bench.program)],
        ...(withPeers ? ([[echoes, () => startEcho(bench.url)]] as const) : []),
      ] as const) {
        const side = await begin();
        try {
          turns.push(await takeTurn(bench, side));
        } finally {
          await side.stop();
        }
      }
      line(`round ${round} of ${repetitions}`);
    }
    const figures = (name: string, unit: string, read: (turn: Turn) => number, notes: string[]) =>
      summarise({
        name,
        unit,
        ours: ours.map(read),
        peers: { 'mqtt-echo': echoes.map(read) },
        notes,
      });
    const samples = FLOOD_MESSAGES * CHANNELS;
    const pace = `${RATE_SAMPLES} samples a second in messages of ${CHANNELS}`;
    return [
      {
        ...figures('pipeline', 'samples/s', ({ flood }) => samples / flood.seconds, [
          `${ASSETS} assets, ${CHANNELS} channels a message, QoS 1, one core; both stages run here`,
          'the echo publishes every message again: five times as many as the gateway has rows',
        ]),
        details: {
          cores: {
            ours: ours.map(({ cores }) => digits(cores)),
            echo: echoes.map(({ cores }) => digits(cores)),
          },
          behindMs: ours.map(({ paced }) => digits(paced.behindMs)),
        },
      },
      figures('latency-p50', 'ms', ({ paced }) => paced.p50, [pace]),
      figures('latency-p99', 'ms', ({ paced }) => paced.p99, [
        pace,
        'from the send of the message that completes a row to its prediction at a reader',
      ]),
      figures('rss', 'MB', ({ pacedMb }) => pacedMb, [
        'most resident memory (MiB) after 24 s at the same pace; some 60 are the pages of Node itself',
      ]),
      figures('rss-flood', 'MB', ({ floodMb }) => floodMb, [
        'the same after 320,000 samples at full speed',
      ]),
    ];
  });
}

/** From the start of the process to the first prediction that a reader gets. */
export function measureStart(context: BenchContext): Promise<CaseFigures[]> {
  const { repetitions = REPETITIONS, signal } = context;
  return withBench(async (bench) => {
    const times: number[] = [];
    for (let round = 0; round < repetitions; round++) {
      signal.throwIfAborted();
      const first = await startGateway(bench.program);
      await bench.load.run(orderFor(bench, 'gateway', 100 * ASSETS));
      await first.stop();
      const began = performance.now();
      const running = bench.load.run(orderFor(bench, 'gateway', 10 * ASSETS));
      const side = await startGateway(bench.program);
      // Messages wait at the broker; the first answer is as old as the slowest of them at most.
      await running;
      times.push(performance.now() - began);
      await side.stop();
    }
    return [
      summarise({
        name: 'first-prediction',
        unit: 'ms',
        ours: times,
        notes: ['from the start of the process to the last of 200 predictions of waiting messages'],
      }),
    ];
  });
}
