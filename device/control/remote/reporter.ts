// Sends a report when it differs from the last one, at most one an interval; the last is always sent.

export interface ReporterOptions {
  /** The report now, as JSON without its time. */
  readonly read: () => object;
  readonly send: (report: object) => void;
  /** A site's broker hears from every gateway: one a second of each is enough for people. */
  readonly minIntervalMs: number;
  /** Milliseconds of a clock that never jumps. @default {performance.now} */
  readonly steady?: () => number;
}

export interface Reporter {
  /** Something may have changed. */
  touch(): void;
  /** The broker may have forgotten: the next report is sent even if it is the same. */
  forget(): void;
  stop(): void;
}

export function createReporter(options: ReporterOptions): Reporter {
  const { read, send, minIntervalMs, steady = () => performance.now() } = options;
  let last: string | undefined;
  let openAt = Number.NEGATIVE_INFINITY;
  let timer: NodeJS.Timeout | undefined;

  function sendIfNew(): void {
    timer = undefined;
    const report = read();
    const text = JSON.stringify(report);
    if (text === last) return;
    last = text;
    openAt = steady() + minIntervalMs;
    send(report);
  }

  function touch(): void {
    if (timer !== undefined) return;
    const delay = openAt - steady();
    if (delay <= 0) {
      sendIfNew();
      return;
    }
    timer = setTimeout(sendIfNew, delay);
    timer.unref();
  }

  return {
    touch,
    forget() {
      last = undefined;
      touch();
    },
    stop() {
      clearTimeout(timer);
      timer = undefined;
    },
  };
}
