// Fields that several sections of plant.yaml share.
import { isTimeZone } from '@dandan/shared/time-zone';
import * as z from 'zod';

/** As many as a feature spec takes. */
export const MAX_CHANNELS = 256;

const MAX_PATH_CHARACTERS = 1024;

/** A month: longer windows, blocks and gaps are typing errors. */
const MAX_DURATION_MS = 31 * 24 * 3_600_000;

export const durationMs = z.int().min(1).max(MAX_DURATION_MS);

/** Assets and channels: they become levels of MQTT topics and columns of a bundle. */
export const name = z.string().regex(/^[A-Za-z0-9_.-]{1,64}$/, 'letters, digits, _ . - (1..64)');

/** Titles in files are whatever a historian wrote. */
export const columnName = z.string().min(1).max(256);

export const className = z.string().min(1).max(128);

export const relativePath = z
  .string()
  .min(1)
  .max(MAX_PATH_CHARACTERS)
  .refine((path) => !path.includes('\0'), 'no zero bytes');

export const timeZone = z.string().refine(isTimeZone, 'an IANA time zone, e.g. Asia/Tokyo');
