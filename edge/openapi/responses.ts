// The answers every route shares: problems, and bodies of bytes.
import { PROBLEM_MEDIA_TYPE } from '@dandan/shared/wire';
import { problem } from './schemas.ts';

const DESCRIPTIONS = {
  400: 'The body is not JSON, or not the gzip it is said to be',
  401: 'No key, or not a valid one',
  403: 'The key lacks the scope',
  404: 'Unknown model, bundle, channel, key, device, job, record or policy document',
  409: 'Something else happened first, or the state does not allow it; code says which',
  411: 'The body needs a content-length',
  412: 'Another version is the current one',
  413: 'The body is too large',
  415: 'The media type or content encoding is not read here',
  416: 'The range lies outside the file',
  429: 'The key asks too often; `retry-after` says when to come back',
  422: 'The input is well-formed but not acceptable; code and field say why',
  500: 'The edge failed',
} as const;

type ProblemStatus = keyof typeof DESCRIPTIONS;

function describe(status: ProblemStatus) {
  return {
    description: DESCRIPTIONS[status],
    content: { [PROBLEM_MEDIA_TYPE]: { schema: problem } },
  };
}

/** Problem answers of a route: those given, and 500, which any route can meet. */
export function problems<S extends ProblemStatus>(...statuses: readonly S[]) {
  return Object.fromEntries(
    [...statuses, 500 as const].map((status) => [status, describe(status)]),
  ) as Record<S | 500, ReturnType<typeof describe>>;
}

/** Problem answers of every guarded route. */
export function guardedProblems<S extends ProblemStatus>(...statuses: readonly S[]) {
  return problems<S | 401 | 403 | 429>(401, 403, 429, ...statuses);
}

/** A body of raw bytes, as OpenAPI 3.1 words it. */
export const binaryBody = { schema: { type: 'string', format: 'binary' } } as const;

/** Security requirement of a guarded route. */
export const keySecurity = [{ key: [] as string[] }];
