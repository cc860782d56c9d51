// A request's body as it was before its sender compressed it.
import { EdgeError } from '../problem/edge-error.ts';

/** Rows of floats shrink to a third or less by gzip, which every client has. */
export const CONTENT_ENCODINGS = ['identity', 'gzip'] as const;

const ACCEPTED = CONTENT_ENCODINGS.join(', ');

const bodyMalformed = () =>
  new EdgeError('body-malformed', 'The body is not the gzip that content-encoding says', {
    field: 'body',
    value: 'gzip',
    allowed: 'one whole gzip stream',
  });

/** Faults of the stream are the sender's: a broken connection has no reader left to tell. */
function withRefusal(body: ReadableStream<Uint8Array>): ReadableStream<Uint8Array> {
  const reader = body.getReader();
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        let next: ReadableStreamReadResult<Uint8Array>;
        try {
          next = await reader.read();
        } catch {
          controller.error(bodyMalformed());
          return;
        }
        if (next.done) controller.close();
        else controller.enqueue(next.value);
      },
      cancel: (reason) => reader.cancel(reason),
    },
    { highWaterMark: 0 },
  );
}

/**
 * The stream of `request` without its content encoding; whoever reads it bounds it.
 *
 * @returns `null` where there is no body. Reading throws {EdgeError} `body-malformed`.
 * @throws {EdgeError} `encoding-unsupported` (RFC 9110, 15.5.16).
 */
export function decodedBody(request: Request): ReadableStream<Uint8Array> | null {
  const encoding = request.headers.get('content-encoding')?.trim().toLowerCase() ?? 'identity';
  if (encoding !== 'identity' && encoding !== 'gzip') {
    throw new EdgeError('encoding-unsupported', `This route does not read '${encoding}'`, {
      field: 'content-encoding',
      value: encoding,
      allowed: ACCEPTED,
      headers: { 'accept-encoding': ACCEPTED },
    });
  }
  const { body } = request;
  if (body === null || encoding === 'identity') return body;
  return withRefusal(body.pipeThrough(new DecompressionStream('gzip')));
}
