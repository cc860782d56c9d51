export { anySpec, countSpec, rowBits, stream, timeSpec } from './streams.ts';
