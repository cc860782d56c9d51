export {
  createLogger,
  LOG_FORMATS,
  LOG_LEVELS,
  type LogFields,
  type LogFormat,
  type Logger,
  type LogLevel,
  logFormatOf,
  type RootLogger,
} from './logger.ts';
export { createRateLimit, MAX_KINDS } from './rate-limit.ts';
