export { createOutputs, type Outputs, type OutputsState } from './create-outputs.ts';
export { createOutgoing, type Outgoing, type OutgoingOptions } from './outgoing.ts';
