// One turn of load on one server: what it answered, what it took.
import type { Load } from './load/load.ts';
import type { LoadResult } from './load/protocol.ts';
import type { Server } from './server.ts';

export interface Turn extends LoadResult {
  /** Requests a second. */
  readonly rate: number;
  /** Milliseconds of workerd's processor time a request. */
  readonly cpuMs: number;
}

/** Compilers and caches of the server are done by then. */
export const WARM_UP_MS = 1500;

export async function takeTurn(
  load: Load,
  server: Server,
  requests: readonly string[],
  milliseconds: number,
): Promise<Turn> {
  const before = await server.cpu();
  const result = await load.run({ port: server.port, requests, milliseconds });
  const taken = (await server.cpu()) - before;
  return {
    ...result,
    rate: result.requests / result.seconds,
    cpuMs: (1000 * taken) / result.requests,
  };
}
