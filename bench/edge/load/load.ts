// The load generator as whoever measures sees it.
import { type ChildProcess, fork } from 'node:child_process';
import { on } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { LoadOrder, LoadReply, LoadResult } from './protocol.ts';

const GENERATOR = fileURLToPath(new URL('./generator.ts', import.meta.url));

export interface Load {
  /** @throws {Error} where an answer was no success. */
  run(order: LoadOrder): Promise<LoadResult>;
  close(): void;
}

export function startLoad(): Load {
  const child: ChildProcess = fork(GENERATOR, { execArgv: [] });
  const replies = on(child, 'message', { close: ['exit'] });
  return {
    async run(order) {
      child.send(order);
      const { done, value } = await replies.next();
      if (done) throw new Error('The load generator ended');
      const [reply] = value as [LoadReply];
      if (reply.kind === 'failed') throw new Error(`Load failed: ${reply.why}`);
      return reply.result;
    },
    close: () => child.kill(),
  };
}
