export {
  type Announcer,
  type AnnouncerOptions,
  createAnnouncer,
  MAX_ANNOUNCED,
} from './announcer.ts';
export {
  createHomeAssistant,
  type HomeAssistant,
  type HomeAssistantOptions,
} from './home-assistant.ts';
export type { OutputMessage, OutputModel } from './message.ts';
export { createNamespace, type NamespaceOptions } from './unified-namespace.ts';
