export { openWatchPort } from './watch-port.ts';
