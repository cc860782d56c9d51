// What a message that is mapped may hold.

/** A batch of MAX_READINGS with a few members each. */
export const MAX_PAYLOAD_BYTES = 256 * 1024;

/** Readings of one message, and channels of one reading. */
export const MAX_READINGS = 1000;

/** Samples of one message, over all its readings. */
export const MAX_SAMPLES = 10_000;

/** Problems told of one message; a batch may hold the same one a thousand times. */
export const MAX_PROBLEMS_PER_MESSAGE = 20;

/** Times a Date can hold, milliseconds since the epoch. */
export const MAX_TIME_MS = 8.64e15;
