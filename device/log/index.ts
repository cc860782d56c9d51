export { createLogger, LOG_LEVELS, type LogFields, type Logger, type LogLevel } from './logger.ts';
export { createRateLimit, MAX_KINDS } from './rate-limit.ts';
