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
const PACED_SECONDS = 10;
const FLOOD_MESSAGES = 40_000;
const WARM_UP_MESSAGES = 10_000;
const REPETITIONS = 3;

interface Turn {
  readonly flood: LoadResult;
  readonly paced: LoadResult;
  readonly peakMb: number;
  /** Cores that the side took at the paced rate. */
  readonly cores: number;
}

interface Bench {
  readonly url: string;
  readonly load: Load;
  readonly program: Program;
}

async function withBench<T>(act: (bench: Bench) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'dandan-bench-gateway-'));
  const broker = await startMosquitto();
  const load = await startLoad();
  try {
    return await act({ url: broker.url, load, program: await prepareGateway(folder, broker.url) });
  } finally {
    load.close();
    await broker.dispose();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Where the stream goes on: event times must not go back between turns. */
let position = 0;

function orderFor(side: Side, url: string, count: number, rate?: number): LoadOrder {
  const first = position;
  position += count;
  const echoes = side.name === 'echo';
  return {
    url,
    prefix: PREFIX,
    first,
    count,
    rate,
    answers: `${PREFIX}/${echoes ? 'echo' : 'prediction'}/+`,
    per: echoes ? 'message' : 'row',
  };
}

async function takeTurn({ url, load }: Bench, side: Side): Promise<Turn> {
  await load.run(orderFor(side, url, WARM_UP_MESSAGES));
  const flood = await load.run(orderFor(side, url, FLOOD_MESSAGES));
  const rate = RATE_SAMPLES / CHANNELS;
  const before = await side.cpuMs();
  const paced = await load.run(orderFor(side, url, rate * PACED_SECONDS, rate));
  const cores = ((await side.cpuMs()) - before) / 1000 / paced.seconds;
  return { flood, paced, peakMb: await side.peakMb(), cores };
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
      figures('rss', 'MB', ({ peakMb }) => peakMb, [
        'most resident memory until then, after a flood',
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
      await bench.load.run(orderFor(first, bench.url, WARM_UP_MESSAGES));
      await first.stop();
      const began = performance.now();
      const running = bench.load.run(orderFor(first, bench.url, 10 * ASSETS));
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
