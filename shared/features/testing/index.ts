export { anySpec, countSpec, richSpec, rowBits, stream, timeSpec } from './streams.ts';
