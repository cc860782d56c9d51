// Predictions beside a route that does nothing, in turns, over the same number of connections.
import { median, summarise } from '../figures.ts';
import { CONNECTIONS, type EdgeCase, ROUNDS } from './edge-case.ts';
import {
  type Body,
  bodyOf,
  type Form,
  predictRequest,
  trivialJsonRequest,
  trivialRequest,
} from './requests.ts';
import { type Turn, takeTurn, WARM_UP_MS } from './turn.ts';

const TURN_MS = 1000;

/** What a median hides: how long requests waited, and whose processor time it took. */
function detailsOf(turns: readonly Turn[]) {
  const of = (read: (turn: Turn) => number) => Number(median(turns.map(read)).toPrecision(3));
  return {
    latencyMs: {
      p50: of(({ latency }) => latency.p50),
      p90: of(({ latency }) => latency.p90),
      p99: of(({ latency }) => latency.p99),
    },
    serverCpuMs: of(({ cpuMs }) => cpuMs),
    /** Cores that the load generator took. */
    loadCores: of(({ cpu, seconds }) => cpu / seconds),
  };
}

export interface PredictCaseOptions {
  readonly name: string;
  readonly form: Form;
  readonly rows: number;
  readonly connections: number;
}

/** Requests to the peers by name; the one with a body is for bodies that it can read. */
function peerRequests(form: Form, body: Body): Readonly<Record<string, string>> {
  const trivial = { 'trivial-route': trivialRequest() };
  return form === 'json' ? { ...trivial, 'trivial-json-route': trivialJsonRequest(body) } : trivial;
}

/** Of each round by itself: a change of the machine's mood meets both sides. */
const shareOf = (turns: readonly Turn[], others: readonly Turn[]) =>
  Number(median(turns.map(({ rate }, i) => rate / others[i].rate)).toPrecision(3));

export function predictCase({ name, form, rows, connections }: PredictCaseOptions): EdgeCase {
  const unit = rows === 1 ? 'requests/s' : 'nodes/s';
  return {
    name,
    summary: `POST predict, ${rows === 1 ? 'one row' : `${rows} rows`} as ${form}, ${connections} connections, ${unit}; beside a Hono route that answers {ok: true}${form === 'json' ? ', and one that reads the same body' : ''}`,
    optIn: false,
    async run({
      load,
      edge,
      trivial,
      bundle,
      keys,
      repetitions = ROUNDS,
      withPeers,
      line,
      signal,
    }) {
      const body = bodyOf(form, rows, bundle);
      const ours = keys.slice(0, connections).map((key) => predictRequest(key, body));
      const peers = Object.entries(withPeers ? peerRequests(form, body) : {}).map(
        ([peer, request]) => ({ peer, requests: ours.map(() => request), turns: [] as Turn[] }),
      );
      await takeTurn(load, edge, ours, WARM_UP_MS);
      for (const { requests } of peers) await takeTurn(load, trivial, requests, WARM_UP_MS);
      const turns: Turn[] = [];
      for (let round = 0; round < repetitions; round++) {
        signal.throwIfAborted();
        turns.push(await takeTurn(load, edge, ours, TURN_MS));
        for (const each of peers) {
          each.turns.push(await takeTurn(load, trivial, each.requests, TURN_MS));
        }
      }
      const made = summarise({
        name,
        unit,
        ours: turns.map(({ rate }) => rate * rows),
        peers: Object.fromEntries(
          peers.map((each) => [each.peer, each.turns.map(({ rate }) => rate)]),
        ),
        notes: rows === 1 ? [] : ['trivial-route counts requests/s: it has no nodes'],
        details: {
          ours: detailsOf(turns),
          ...Object.fromEntries(
            peers.map((each) => [
              each.peer,
              { ...detailsOf(each.turns), shareOfPeer: shareOf(turns, each.turns) },
            ]),
          ),
        },
      });
      line(
        `${name}: ${made.ours} ${unit}; ${JSON.stringify(made.peers)}; ${JSON.stringify(made.details)}`,
      );
      return [made];
    },
  };
}

export const PREDICT_CASES = [
  predictCase({ name: 'predict-json', form: 'json', rows: 1, connections: CONNECTIONS }),
  predictCase({ name: 'predict-binary-1024', form: 'f32', rows: 1024, connections: 4 }),
];
