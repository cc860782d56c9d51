export { plainDecimal } from './plain-decimal.ts';
