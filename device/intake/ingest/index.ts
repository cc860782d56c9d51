export { implausibleTime, MAX_FUTURE_MS } from './plausible-time.ts';
export { createRedelivery, type Redelivery } from './redelivery.ts';
export {
  createSilenceWatch,
  type SilenceWatch,
  type SilenceWatchOptions,
} from './silence-watch.ts';
