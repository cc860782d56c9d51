export { createForwarding, type Forwarding, type ForwardingOptions } from './create-forwarding.ts';
