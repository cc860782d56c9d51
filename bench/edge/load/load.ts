// The load generator as whoever measures sees it.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
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
  return {
    async run(order) {
      const reply = once(child, 'message');
      const gone = once(child, 'exit').then(() => {
        throw new Error('The load generator ended');
      });
      child.send(order);
      const [answer] = (await Promise.race([reply, gone])) as [LoadReply];
      if (answer.kind === 'failed') throw new Error(`Load failed: ${answer.why}`);
      return answer.result;
    },
    close: () => child.kill(),
  };
}
