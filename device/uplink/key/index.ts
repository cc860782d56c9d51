export { bearer, type EdgeKey, keyText } from './edge-key.ts';
