// What an edge says while it runs: lines for people, or one JSON object a line for a log collector.

export type Level = 'info' | 'warn' | 'error';

export interface Journal {
  /** @param fields facts of the event for programs; never a secret. */
  say(level: Level, event: string, text: string, fields?: Readonly<Record<string, unknown>>): void;
}

export interface JournalOptions {
  readonly json: boolean;
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** Milliseconds since the epoch. @default {Date.now} */
  readonly now?: () => number;
}

/** Names stand in a column, so that a start reads as a list. */
const COLUMN = 10;

/** JSON goes to stderr as the gateway's log does; for people only what is wrong goes there. */
export function createJournal({ json, out, err, now = Date.now }: JournalOptions): Journal {
  return {
    say(level, event, text, fields = {}) {
      if (json) {
        const time = new Date(now()).toISOString();
        err(`${JSON.stringify({ time, level, event, message: text, ...fields })}\n`);
        return;
      }
      const write = level === 'info' ? out : err;
      write(`${level === 'info' ? event.padEnd(COLUMN) : `${level}:`} ${text}\n`);
    },
  };
}
