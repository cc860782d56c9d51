export { type Backoff, type BackoffOptions, createBackoff } from './backoff.ts';
export { waitFor } from './wait-for.ts';
export { withSignal } from './with-signal.ts';
