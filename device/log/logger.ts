// Log of the gateway: one JSON object per line on stderr, because it runs unattended
// under journald or a container runtime, where lines are collected by programs.

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const;

export type LogLevel = (typeof LOG_LEVELS)[number];

/** Facts of an event. Never a secret. */
export type LogFields = Readonly<Record<string, unknown>>;

export type Logger = Readonly<Record<LogLevel, (event: string, fields?: LogFields) => void>>;

export interface LoggerOptions {
  /** Events below this level are not written. @default {'info'} */
  readonly level?: LogLevel;
  /** Takes one line without its line end. */
  readonly write: (line: string) => void;
  /** Milliseconds since the epoch. @default {Date.now} */
  readonly now?: () => number;
}

/** A logger whose lines carry `time`, `level`, `event` and the fields of the event. */
export function createLogger(options: LoggerOptions): Logger {
  const { level = 'info', write, now = Date.now } = options;
  const lowest = LOG_LEVELS.indexOf(level);
  const at =
    (own: LogLevel) =>
    (event: string, fields: LogFields = {}) => {
      if (LOG_LEVELS.indexOf(own) < lowest) return;
      write(JSON.stringify({ time: new Date(now()).toISOString(), level: own, event, ...fields }));
    };
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}
