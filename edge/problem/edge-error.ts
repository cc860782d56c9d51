// Refusals that belong to the edge alone: keys, routes, and things it does not have.
// Bad input is an InputError, as everywhere else in Dandan.

/** Status of each of the edge's own codes. Add codes freely; never rename one. */
export const EDGE_STATUS = {
  'json-malformed': 400,
  'body-malformed': 400,
  'key-missing': 401,
  'key-invalid': 401,
  'code-invalid': 401,
  'scope-missing': 403,
  'origin-foreign': 403,
  'route-unknown': 404,
  'model-unknown': 404,
  'bundle-unknown': 404,
  'channel-unknown': 404,
  'key-unknown': 404,
  'device-unknown': 404,
  'enrolment-unknown': 404,
  'signing-key-unknown': 404,
  'hard-case-unknown': 404,
  'explanation-unknown': 404,
  'document-unknown': 404,
  'job-unknown': 404,
  'job-input-unknown': 404,
  'job-result-unknown': 404,
  'job-schedule-unknown': 404,
  'method-not-allowed': 405,
  'release-conflict': 409,
  'rollout-over': 409,
  'bundle-pinned': 409,
  'key-fixed': 409,
  'signing-keys-full': 409,
  'job-ended': 409,
  'job-schedules-full': 409,
  'idempotency-key-reused': 409,
  'length-required': 411,
  'version-conflict': 412,
  'body-too-large': 413,
  'media-type-unsupported': 415,
  'encoding-unsupported': 415,
  'range-not-satisfiable': 416,
  'rate-limited': 429,
  'explanation-altered': 500,
  internal: 500,
} as const;

export type EdgeCode = keyof typeof EDGE_STATUS;

export interface EdgeErrorDetails {
  readonly field?: string;
  /** Never a secret. */
  readonly value?: unknown;
  readonly allowed?: string;
  /** Headers the answer needs, e.g. `www-authenticate`. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** A request the edge refuses for a reason of its own; nothing was changed. */
export class EdgeError extends Error {
  override readonly name = 'EdgeError';
  readonly code: EdgeCode;
  readonly details: EdgeErrorDetails;

  constructor(code: EdgeCode, message: string, details: EdgeErrorDetails = {}) {
    super(message);
    this.code = code;
    this.details = details;
  }
}

export const jsonMalformed = (): EdgeError =>
  new EdgeError('json-malformed', 'The body is not JSON in UTF-8', { field: 'body' });
