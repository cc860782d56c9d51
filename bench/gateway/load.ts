// The load generator as whoever measures sees it.
import { fork } from 'node:child_process';
import { on } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { LoadOrder, LoadReply, LoadResult } from './protocol.ts';

const GENERATOR = fileURLToPath(new URL('./generator.ts', import.meta.url));

export interface Load {
  /** @throws {Error} where answers stay out. */
  run(order: LoadOrder): Promise<LoadResult>;
  close(): void;
}

export async function startLoad(): Promise<Load> {
  const child = fork(GENERATOR, { execArgv: [] });
  const replies = on(child, 'message', { close: ['exit'] });
  async function next(): Promise<LoadReply> {
    const { done, value } = await replies.next();
    if (done) throw new Error('The load generator ended');
    return (value as [LoadReply])[0];
  }
  await next();
  return {
    async run(order) {
      child.send(order);
      const reply = await next();
      if (reply.kind === 'done') return reply.result;
      throw new Error(reply.kind === 'failed' ? reply.why : reply.kind);
    },
    close: () => child.kill(),
  };
}
