// Names of gateways stand in URLs, topics and logs: they are levels of a topic.
import * as z from 'zod';

/** One level of a topic: no separators, no wildcards, no control characters. */
export const LEVEL = /^[A-Za-z0-9_.:-]{1,64}$/;

/** What a level may be, in words. */
export const LEVEL_WORDS = 'letters, digits, _ . : - (1..64)';

export const deviceNameSchema = z.string().regex(LEVEL, LEVEL_WORDS);
