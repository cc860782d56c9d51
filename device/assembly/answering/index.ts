export { type Answering, type AnsweringOptions, createAnswering } from './answering.ts';
