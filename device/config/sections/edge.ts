// Where the edge is, as whom the gateway comes, how often it asks.
import { MAX_ROWS_PER_REQUEST } from '@dandan/shared/wire';
import * as z from 'zod';
import { edgeVia } from './escalation.ts';
import { edgeUrl, environmentName, milliseconds, path } from './fields.ts';

/** Longest a gateway waits for one answer of the edge: beyond it an operator calls it an outage. */
const MAX_TIMEOUT_MS = 120_000;

/** An hour: longer pauses would make an outage longer than it is. */
const MAX_RETRY_MS = 3_600_000;

export const edgeSection = z
  .strictObject({
    /** Left out with `via: none`, and only then. */
    url: edgeUrl.optional(),
    via: edgeVia,
    /** Exactly one of the two: the key itself never stands in this file. */
    keyEnv: environmentName.optional(),
    keyFile: path.optional(),
    /** A row unanswered for this long gets the gateway's own answer. */
    timeoutMs: z.int().min(1).max(MAX_TIMEOUT_MS).default(5000),
    batchRows: z.int().min(1).max(MAX_ROWS_PER_REQUEST).default(64),
    batchDelayMs: milliseconds(60_000).default(50),
    retryMinMs: z.int().min(1).max(MAX_RETRY_MS).default(500),
    retryMaxMs: z.int().min(1).max(MAX_RETRY_MS).default(30_000),
  })
  .refine(({ via, url }) => (via === 'none') === (url === undefined), {
    path: ['url'],
    message: 'the base URL of the edge; none with via: none',
  })
  .refine(
    ({ via, keyEnv, keyFile }) =>
      [keyEnv, keyFile].filter((source) => source !== undefined).length === Number(via !== 'none'),
    'exactly one of keyEnv and keyFile; none of them with via: none',
  )
  .refine(({ retryMinMs, retryMaxMs }) => retryMinMs <= retryMaxMs, {
    path: ['retryMaxMs'],
    message: 'at least retryMinMs',
  });
