// Tells when rows have waited as long as their reader may wait.

export interface DeadlinesOptions {
  readonly withinMs: number;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Rows added at or before this time are due. */
  readonly onDue: (createdUntil: number) => void;
}

export interface Deadlines {
  /** Rows were added just now. */
  add(): void;
  stop(): void;
}

/** Times are of the process's timers, so that a clock set back delays no answer. */
export function createDeadlines({ withinMs, now, onDue }: DeadlinesOptions): Deadlines {
  const timers = new Map<number, NodeJS.Timeout>();
  return {
    add() {
      const created = now();
      // Micro-batches are at least milliseconds apart: a thousand timers at most.
      if (timers.has(created)) return;
      const timer = setTimeout(() => {
        timers.delete(created);
        onDue(created);
      }, withinMs);
      timers.set(created, timer);
    },
    stop() {
      for (const timer of timers.values()) clearTimeout(timer);
      timers.clear();
    },
  };
}
