export { createModelHost, type TriedHost } from './model-host.ts';
