// Requests of all gateways to one edge: bounded in number and bytes, fair between gateways,
// and each content asked once.
import type { Logger } from '../../log/index.ts';
import { createAnswerCache } from './answer-cache.ts';
import type { EdgeReply } from './ask-edge.ts';
import type { BridgeCounters } from './counters.ts';
import { createFairQueue, type Queued } from './fair-queue.ts';
import type { RateLimits } from './rate-limits.ts';
import type { BridgeRequest } from './read-request.ts';
import { problemReply, type Reply } from './reply.ts';

/** Requests that wait: more than gateways of a plant, each of which has a few in flight. */
const MAX_QUEUED = 256;

/** A gateway asks for four bundles at a time and repeats what timed out. */
const MAX_QUEUED_OF_ONE = 16;

/** A bridge may run on a gateway's machine. */
const MAX_QUEUED_BYTES = 32 * 1024 * 1024;

/** How soon a gateway may come back to a full queue. */
const BUSY_RETRY_MS = 1000;

export interface DispatcherOptions {
  readonly ask: (request: BridgeRequest, timeoutMs: number) => Promise<EdgeReply>;
  /** Requests at the edge at a time. */
  readonly concurrency: number;
  readonly timeoutMs: number;
  readonly limits: RateLimits;
  readonly counters: BridgeCounters;
  readonly log: Logger;
  /** Told after every request to the edge. */
  readonly onEdge: (state: 'up' | 'down') => void;
  /** Milliseconds of a clock that nobody sets. */
  readonly clock: () => number;
}

interface Job extends Queued {
  readonly key: string;
  readonly request: BridgeRequest;
  readonly answer: (reply: Reply) => void;
  /** Nobody waits for the answer after this. */
  readonly due: number;
}

export interface Dispatcher {
  readonly queued: number;
  readonly inFlight: number;
  /** Answers by `answer`, at most once; not at all where the same request is being answered. */
  submit(broker: string, request: BridgeRequest, answer: (reply: Reply) => void): void;
  /** Takes no more requests. */
  close(): void;
  /** Resolves when nothing waits and nothing is at the edge. */
  settled(): Promise<void>;
}

export function createDispatcher(options: DispatcherOptions): Dispatcher {
  const { ask, concurrency, timeoutMs, limits, counters, log, onEdge, clock } = options;
  const queue = createFairQueue<Job>({
    limit: MAX_QUEUED,
    ownerLimit: MAX_QUEUED_OF_ONE,
    byteLimit: MAX_QUEUED_BYTES,
  });
  const cache = createAnswerCache({ clock });
  /** Waiting or at the edge. */
  const open = new Set<string>();
  const running = new Set<Promise<void>>();
  let closed = false;

  function refuse(answer: (reply: Reply) => void, reply: Reply): void {
    counters.refused++;
    answer(reply);
  }

  async function work({ key, request, answer, due }: Job): Promise<void> {
    const began = clock();
    const left = Math.ceil(Math.min(timeoutMs, due - began));
    if (left <= 0) {
      counters.dropped++;
      open.delete(key);
      return;
    }
    counters.bytesUp += request.body.byteLength;
    const { reply, failure } = await ask(request, left);
    open.delete(key);
    if (failure === undefined) {
      counters.answered++;
      counters.bytesDown += reply.body.byteLength;
      if (reply.status === 200) cache.set(key, reply);
    } else counters.edgeFailures++;
    onEdge(failure === undefined ? 'up' : 'down');
    log.debug('request-answered', {
      gateway: request.gateway,
      status: reply.status,
      failure,
      ms: Math.round(clock() - began),
    });
    answer(reply);
  }

  function pump(): void {
    while (running.size < concurrency) {
      const job = queue.take();
      if (job === undefined) return;
      const run = work(job).finally(() => {
        running.delete(run);
        pump();
      });
      running.add(run);
    }
  }

  return {
    get queued() {
      return queue.size;
    },
    get inFlight() {
      return running.size;
    },
    submit(broker, request, answer) {
      const { gateway, correlation, responseTopic, body, expirySeconds } = request;
      const owner = `${broker} ${gateway}`;
      const key = `${owner} ${responseTopic} ${Buffer.from(correlation).toString('hex')}`;
      counters.requests++;
      if (closed) return refuse(answer, problemReply('bridge-stopping', BUSY_RETRY_MS));
      const waitMs = limits.take(owner);
      if (waitMs > 0) {
        counters.rateLimited++;
        return refuse(answer, problemReply('rate-limited', waitMs));
      }
      const known = cache.get(key);
      if (known !== undefined || open.has(key)) {
        counters.replayed++;
        if (known !== undefined) answer(known);
        return;
      }
      const due = clock() + (expirySeconds === undefined ? timeoutMs : expirySeconds * 1000);
      if (!queue.add({ owner, bytes: body.byteLength, key, request, answer, due })) {
        counters.busy++;
        return refuse(answer, problemReply('bridge-busy', BUSY_RETRY_MS));
      }
      open.add(key);
      pump();
    },
    close() {
      closed = true;
    },
    async settled() {
      while (running.size > 0) await Promise.race(running);
    },
  };
}
