export type { MessageProperties, RequestProperties } from './message-properties.ts';
export { createMqttTransport, type MqttTransportOptions } from './mqtt-transport.ts';
export { ConnectionError, openConnection } from './open-connection.ts';
export { MAX_WAITING_PUBLISHES } from './publish-queue.ts';
export {
  type MessageDetails,
  type MessageHandler,
  type Protocol,
  PublishError,
  type PublishOptions,
  type Transport,
  type TransportState,
} from './transport.ts';
