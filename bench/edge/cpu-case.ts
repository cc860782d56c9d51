// Processor time of one request, which the free plan bounds: workerd's own, over many requests.
import { summarise } from '../figures.ts';
import { type EdgeCase, ROUNDS } from './edge-case.ts';
import { bodyOf, type Form, predictRequest, trivialRequest } from './requests.ts';
import { takeTurn, WARM_UP_MS } from './turn.ts';

/** Milliseconds of processor time a request on the free plan of Cloudflare Workers. */
const FREE_PLAN_MS = 10;

/** Ticks of the process clock are 10 ms: a turn is hundreds of them. */
const TURN_MS = 2000;

const CONNECTIONS = 2;

/** The same request costs the same: fewer turns than where two sides are compared. */
const TURNS = Math.ceil(ROUNDS / 3);

function cpuCase(form: Form, rows: number): EdgeCase {
  const name = `cpu-ms-${form}-${rows}`;
  return {
    name,
    summary: `processor milliseconds of workerd for a request of ${rows} rows of 64 features as ${form}, less the trivial route's`,
    optIn: false,
    async run({ load, edge, trivial, bundle, keys, repetitions = TURNS, line, signal }) {
      const body = bodyOf(form, rows, bundle);
      const ours = keys.slice(0, CONNECTIONS).map((key) => predictRequest(key, body));
      const theirs = ours.map(() => trivialRequest());
      await takeTurn(load, edge, ours, WARM_UP_MS);
      await takeTurn(load, trivial, theirs, WARM_UP_MS);
      const samples: number[] = [];
      for (let round = 0; round < repetitions; round++) {
        signal.throwIfAborted();
        const { cpuMs } = await takeTurn(load, edge, ours, TURN_MS);
        const base = await takeTurn(load, trivial, theirs, TURN_MS);
        samples.push(cpuMs - base.cpuMs);
      }
      const made = summarise({ name, unit: 'ms', ours: samples });
      const within = made.ours !== null && made.ours < FREE_PLAN_MS;
      line(`${name}: ${made.ours} ms of ${FREE_PLAN_MS}`);
      return [
        { ...made, details: { freePlanMs: FREE_PLAN_MS, within, bodyBytes: body.bytes.length } },
      ];
    },
  };
}

export const CPU_CASES = (['json', 'f32', 'codes'] as const).flatMap((form) =>
  [1, 1024, 4096].map((rows) => cpuCase(form, rows)),
);
