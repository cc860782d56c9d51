export { type AssemblyOptions, assemble, type Parts } from './assemble.ts';
export { begin } from './begin.ts';
