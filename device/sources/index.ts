export { createDandanSource } from './dandan/dandan-source.ts';
export type { Reading, Source, SourceCommand, SourceMessage } from './source.ts';
