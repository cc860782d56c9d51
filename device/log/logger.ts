// Log of the gateway: one line per event on stderr. JSON, because it runs unattended under
// journald or a container runtime, where lines are collected by programs; text for people.
import { createLineBudget, DEFAULT_LINES_PER_MINUTE } from './line-budget.ts';

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const;

export type LogLevel = (typeof LOG_LEVELS)[number];

export const LOG_FORMATS = ['json', 'text'] as const;

export type LogFormat = (typeof LOG_FORMATS)[number];

/** Facts of an event. Never a secret. */
export type LogFields = Readonly<Record<string, unknown>>;

export type Logger = Readonly<Record<LogLevel, (event: string, fields?: LogFields) => void>>;

/** The logger of a program, which tells at its end what it left out. */
export interface RootLogger extends Logger {
  /** Events below this level are not written; may be set. */
  level: LogLevel;
  /** Writes what was left out since; call it before the process ends. */
  flush(): void;
}

export interface LoggerOptions {
  /** Events below this level are not written. @default {'info'} */
  readonly level?: LogLevel;
  /** @default {'json'} */
  readonly format?: LogFormat;
  /**
   * Prefix of journald's priorities (`<4>` for a warning; sd-daemon(3)): levels are then those of
   * `journalctl -p`. @default {false}
   */
  readonly journal?: boolean;
  /** Lines of one event a minute; what is left out is counted and told. 0: all of them. @default {60} */
  readonly linesPerMinute?: number;
  /** Takes one line without its line end. */
  readonly write: (line: string) => void;
  /** Milliseconds since the epoch. @default {Date.now} */
  readonly now?: () => number;
}

/** Priorities of syslog (RFC 5424, table 2). */
const PRIORITIES = { debug: 7, info: 6, warn: 4, error: 3 } as const;

/** Values with blanks, quotes or line ends are quoted, so that a line stays one. */
function valueText(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text === undefined || /^[^\s"=]+$/.test(text) ? String(text) : JSON.stringify(text);
}

function textLine(time: string, level: LogLevel, event: string, fields: LogFields): string {
  const pairs = Object.entries(fields).filter(([, value]) => value !== undefined);
  const words = pairs.map(([name, value]) => `${name}=${valueText(value)}`);
  return [time.slice(0, 19).replace('T', ' '), level.padEnd(5), event, ...words].join(' ');
}

/**
 * A logger whose lines carry `time`, `level`, `event` and the fields of the event. Times never
 * fall: where the clock is set back they stand still until it has caught up.
 */
export function createLogger(options: LoggerOptions): RootLogger {
  const { format = 'json', journal = false, write, now = Date.now } = options;
  const { linesPerMinute = DEFAULT_LINES_PER_MINUTE } = options;
  let level = options.level ?? 'info';
  const budget = createLineBudget({ linesPerMinute });
  let latest = Number.NEGATIVE_INFINITY;

  function put(own: LogLevel, event: string, fields: LogFields): void {
    const time = new Date(latest).toISOString();
    const line =
      format === 'json'
        ? JSON.stringify({ time, level: own, event, ...fields })
        : textLine(time, own, event, fields);
    write(journal ? `<${PRIORITIES[own]}>${line}` : line);
  }

  function tellOmitted(omitted: ReturnType<typeof budget.expired>): void {
    for (const { event, count } of omitted) put('warn', 'log-lines-left-out', { of: event, count });
  }

  const at =
    (own: LogLevel) =>
    (event: string, fields: LogFields = {}) => {
      if (LOG_LEVELS.indexOf(own) < LOG_LEVELS.indexOf(level)) return;
      latest = Math.max(latest, now());
      tellOmitted(budget.expired(latest));
      if (budget.admit(event, latest)) put(own, event, fields);
    };
  return {
    get level() {
      return level;
    },
    set level(chosen) {
      level = chosen;
    },
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    flush() {
      latest = Math.max(latest, now());
      tellOmitted(budget.expired(Number.POSITIVE_INFINITY));
    },
  };
}

/**
 * What fits where the program runs: text on a terminal, journald's priorities under systemd, which
 * says by JOURNAL_STREAM where stderr goes.
 */
export function logFormatOf(options: {
  /** As configured; `undefined` leaves the choice open. */
  readonly format: LogFormat | undefined;
  readonly terminal: boolean;
  readonly environment: Readonly<Record<string, string | undefined>>;
}): { readonly format: LogFormat; readonly journal: boolean } {
  const { format, terminal, environment } = options;
  const journal = !terminal && Boolean(environment.JOURNAL_STREAM);
  return { format: format ?? (terminal ? 'text' : 'json'), journal };
}
