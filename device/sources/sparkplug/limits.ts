// What a Sparkplug payload and the memory of its senders may hold.

/** A birth of 5,000 metrics with their properties has half of it. */
export const MAX_PAYLOAD_BYTES = 1024 * 1024;

/** Ignition and the like split births of more tags over several devices. */
export const MAX_METRICS_PER_PAYLOAD = 10_000;

/** Folders and all; longer ones become no channel. */
export const MAX_NAME_BYTES = 512;

/** Properties of one metric that are looked at; usual are units, limits and quality. */
export const MAX_PROPERTIES = 64;

/** Length of a unit in a bundle's feature spec. */
export const MAX_UNIT_LENGTH = 32;

/** Edge nodes remembered by one source; the dead make room for the new. */
export const MAX_NODES = 1000;

/** Devices remembered of one edge node; the dead make room for the new. */
export const MAX_DEVICES_PER_NODE = 1000;

/** Metrics remembered by one source: with their names and units 24 MB. */
export const MAX_KNOWN_METRICS = 50_000;

/** Problems told of one message; a birth may hold the same one thousands of times. */
export const MAX_PROBLEMS_PER_MESSAGE = 20;

/** Times a Date can hold, milliseconds since the epoch. */
export const MAX_TIME_MS = 8.64e15;
