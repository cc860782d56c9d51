import type { TestBundle } from '@dandan/shared/testing';
import type { BenchContext, CaseFigures, CaseSummary } from '../benchmark.ts';
import type { Load } from './load/load.ts';
import type { Server } from './server.ts';

export interface EdgeContext extends BenchContext {
  readonly load: Load;
  readonly edge: Server;
  /** The trivial route, in a server of the same kind. */
  readonly trivial: Server;
  readonly bundle: TestBundle;
  /** Keys of scope predict, one per connection, as gateways have them. */
  readonly keys: readonly string[];
}

export interface EdgeCase extends CaseSummary {
  run(context: EdgeContext): Promise<readonly CaseFigures[]>;
}

/** Turns of each side; medians count. */
export const ROUNDS = 9;

/** What is in flight at once: one request of each. */
export const CONNECTIONS = 16;
