export { type Brokers, type BrokersOptions, createBrokers, HOME } from './brokers.ts';
