export { type ErrorCode, type ErrorDetails, InputError } from './input-error.ts';
