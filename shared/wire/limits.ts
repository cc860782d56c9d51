// Limits of what travels between the parts.

/** Rows per HTTP request: 4,096 rows of 1,433 codes are 5.9 MB, a second of a Worker's CPU at most. */
export const MAX_ROWS_PER_REQUEST = 4096;

/** Largest prediction or escalation body. 4,096 dense rows of 1,000 float32 features. */
export const MAX_BODY_BYTES = 16 * 1024 * 1024;

/** Largest telemetry payload: a JSON object of a few hundred channels. */
export const MAX_TELEMETRY_BYTES = 64 * 1024;
