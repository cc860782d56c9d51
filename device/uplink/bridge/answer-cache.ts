// The edge's latest answers, for requests that come again: a gateway whose answer got lost
// asks with the same content, and need not cost the edge twice.
import type { Reply } from './reply.ts';

/** Retries come within seconds; later the edge's policy may say something else. */
const TTL_MS = 60_000;

/** An answer for 64 rows is 8 kB. */
const MAX_ANSWERS = 256;
const MAX_BYTES = 8 * 1024 * 1024;

export interface AnswerCache {
  get(key: string): Reply | undefined;
  set(key: string, reply: Reply): void;
}

export function createAnswerCache({ clock }: { readonly clock: () => number }): AnswerCache {
  const answers = new Map<string, { reply: Reply; until: number }>();
  let bytes = 0;

  function drop(key: string): void {
    bytes -= answers.get(key)?.reply.body.byteLength ?? 0;
    answers.delete(key);
  }

  return {
    get(key) {
      const known = answers.get(key);
      if (known === undefined) return undefined;
      if (clock() < known.until) return known.reply;
      drop(key);
      return undefined;
    },
    set(key, reply) {
      drop(key);
      if (reply.body.byteLength > MAX_BYTES) return;
      answers.set(key, { reply, until: clock() + TTL_MS });
      bytes += reply.body.byteLength;
      for (const oldest of answers.keys()) {
        if (answers.size <= MAX_ANSWERS && bytes <= MAX_BYTES) return;
        drop(oldest);
      }
    },
  };
}
